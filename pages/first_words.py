"""How migrations write the words that a site begins with: their models know nothing of translations."""

from omep_site.lib.translating import digest


def translated(fields, source="fr"):
    """With what a translated row keeps beside its columns: the base columns, and what its translation was made from."""
    bases = {name.removesuffix("_fr"): words for name, words in fields.items() if name.endswith("_fr")}
    made_from = {}
    for name in bases:
        digests = {code: digest(fields[f"{name}_{code}"]) for code in ("en", source) if fields[f"{name}_{code}"]}
        if name != "slug" and digests:
            made_from[name] = {"seen": digests} | ({"en|fr": list(digests.values())} if len(digests) == 2 else {})
    return bases | fields | {"made_from": made_from}


def write_notice(Page, kind: str, words: dict, *, position: int, status: str) -> None:
    """At the foot of every page, unless an editor has written one, or has a page at one of its addresses."""
    taken = Page.objects.filter(slug_fr=words["slug_fr"]) | Page.objects.filter(slug_en=words["slug_en"])
    if not Page.objects.filter(kind=kind).exists() and not taken.exists():
        Page.objects.create(kind=kind, place="foot", position=position, status=status, **translated(words))
