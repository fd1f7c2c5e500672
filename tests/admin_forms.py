"""How tests fill in the admin's forms: as a browser does, with everything that stood in them."""

from tests.pages import soup


def form_data(page) -> dict:
    """What a browser would send back from the admin's form of a row."""
    form = soup(page).select_one("#content-main form[id$=_form]")
    data = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        kind = field.get("type")
        if "__prefix__" in field["name"] or kind in ("submit", "file", "button"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            data[field["name"]] = chosen["value"] if chosen else ""
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                data.setdefault(field["name"], []).append(field.get("value", "on"))
        else:
            data[field["name"]] = field.get_text() if field.name == "textarea" else field.get("value", "")
    return data
