"""A list as a file: its text, its columns, its rows. No database is asked."""

import string
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter import list_files
from newsletter.list_files import PLAIN, ListFault, RowFault, Table, address_in
from omep_site.lib.forms import AddressField
from tests.newsletter.factories import a_list

TODAY = date(2026, 11, 26)


def outcome(function, *arguments):
    """What it returns, or the code of its fault."""
    try:
        return function(*arguments)
    except RowFault as fault:
        return fault.code if fault.code in list_files.REASONS else fault


def cells(content: bytes) -> list[tuple]:
    return [tuple(row) for row in Table.of(content).rows()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_read_in_the_encodings_and_with_the_separators_of_spreadsheets(encoding, separator, end):
    lines = [["Courriel", "Prénom", "Groupe"], ["zoe@example.org", "Zoé", "Comité d’été"]]
    content = a_list(*(separator.join(line) for line in lines), encoding=encoding, end=end)
    assert cells(content) == [(2, "zoe@example.org", "", "Comité d’été", "", "")]


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_read_in_both_orders_of_bytes(mark):
    content = mark + "email\nzoe@example.org\n".encode({b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark])
    assert cells(content) == [(2, "zoe@example.org", "", "", "", "")]


@pytest.mark.parametrize(
    "heading", ["email", "E-Mail", "e-mail", "Adresse", "COURRIEL", "Adresse e-mail", "Adresse électronique", " mail "]
)
def test_the_column_of_addresses_is_found_by_its_names_in_both_languages(heading):
    assert cells(a_list(f"Nom,{heading}", "Zoé,zoe@example.org")) == [(2, "zoe@example.org", "", "", "", "")]


@pytest.mark.parametrize(
    "names",
    [("language", "groups", "consent", "date"), ("Langue", "Groupe(s)", "Consentement", "Date"), ("langue", "Tags", "source", "date")],
)  # fmt: skip
def test_the_other_columns_are_found_by_their_names_in_both_languages(names):
    rows = cells(a_list(f"{';'.join(names)};e-mail", "fr;presse;guichet;2026-07-12;zoe@example.org"))
    assert rows == [(2, "zoe@example.org", "fr", "presse", "guichet", "2026-07-12")]


def test_a_file_with_one_column_needs_no_name_for_it():
    assert cells(a_list("zoe@example.org", "noe@example.org")) == [
        (1, "zoe@example.org", "", "", "", ""),
        (2, "noe@example.org", "", "", "", ""),
    ]


def test_lines_are_counted_as_a_text_editor_counts_them():
    content = a_list("email,nom", "", '"zoe@example.org","Zoé\nLefèvre"', ",,", "noe@example.org,Noé")
    assert [row[:2] for row in cells(content)] == [(3, "zoe@example.org"), (6, "noe@example.org")]


def test_five_hundred_columns_are_read_where_one_is_the_address():
    heads = [f"colonne {number}" for number in range(499)]
    content = a_list(",".join([*heads, "email"]), ",".join(["x"] * 499 + ["zoe@example.org"]))
    assert cells(content) == [(2, "zoe@example.org", "", "", "", "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"email\n", "only_names"),
        (a_list("email;nom", "", ";"), "only_names"),
        (a_list(",".join(f"colonne {number}" for number in range(500)), "x"), "no_column"),
        (a_list("nom,ville", "Zoé,Paris"), "no_column"),
        (a_list("zoe@example.org,Zoé", "noe@example.org,Noé"), "no_column"),
        (b"PK\x03\x04xl/workbook.xml", "no_text"),
        (b"\x00\x01\x02\x00\x00email", "no_text"),
        ("email\nzoe@example.org\n".encode("utf-16-le"), "no_text"),
        (b"email\n\x81\x8d\n", "no_text"),
        (b'email\n"zoe@example.org\nnoe@example.org\n', "unreadable"),
        (b"email\n" + b"x" * 200_000 + b"\n", "unreadable"),
        (b"email\n" + b"a@example.org\n" * 1_600_000, "too_large"),
        (b"email\n" + b"a@b.org\n" * 200_001, "too_many"),
        (a_list("email;groupes", *(f"a{n}@example.org;groupe {n}" for n in range(51))), "many_groups"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_with_its_reason_before_anything_is_begun(content, code):
    with pytest.raises(ListFault) as fault:
        Table.of(content).check()
    assert (fault.value.code, code in list_files.FAULTS) == (code, True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Zoe.Lefevre@Example.ORG", "Zoe.Lefevre@example.org"),
        ("  zoe@example.org ", "zoe@example.org"),
        ("zoe@école.example", "zoe@école.example"),
        ("o'zoe+lettre@example.org", "o'zoe+lettre@example.org"),
        ("'+zoe@example.org", "+zoe@example.org"),
        ("", "missing"),
        ("Zoé", "invalid"),
        ("zoe@example", "invalid"),
        ("zoe@@example.org", "invalid"),
        ("zoe..l@example.org", "invalid"),
        ('"très zoé"@example.org', "invalid"),
        ("zoe@example.org, noe@example.org", "invalid"),
        ("Zoé <zoe@example.org>", "invalid"),
        ("a" * 308 + "@example.org", "long"),
        ("zoe@example.org\r\nBcc: x@example.org", "control"),
        ("zoe\x00@example.org", "control"),
        ("zoe\u202e@example.org", "control"),
    ],
)
def test_an_address_is_taken_under_the_rules_of_the_form_or_left_with_a_reason(typed, found):
    assert outcome(address_in, typed.strip()) == found


@given(st.text(string.ascii_letters + string.digits + ".-_+@'é ", max_size=40))
@example("a@b.co")
@example("a@-b.co")
@example("a@b-.co")
@example("a@xn--b.co")
@example("a@b--c.org")
@example("a.@b.org")
def test_what_is_told_quickly_is_what_the_form_takes(text):
    try:
        AddressField().clean(text)
        taken = True
    except ValidationError:
        taken = False
    assert taken or not PLAIN.match(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("fr", "fr"), ("FR-be", "fr"), ("Français", "fr"), ("French", "fr"), ("anglais", "en"), ("EN_gb", "en"), ("", "fr"), ("español", "fr")],
)  # fmt: skip
def test_a_language_is_known_by_its_code_or_its_name_and_else_is_that_of_the_list(typed, code):
    assert list_files.language_in(typed, ["fr", "en"], "fr") == code


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", None),
        ("2026-07-12", date(2026, 7, 12)),
        ("12/07/2026", date(2026, 7, 12)),
        ("12.07.2026", date(2026, 7, 12)),
        ("2026-07-12 14:30:00", date(2026, 7, 12)),
        ("2026-07-12T14:30:00Z", date(2026, 7, 12)),
        ("2026-11-26", TODAY),
        ("2026-11-27", "date"),
        ("1970-01-01", "date"),
        ("31/02/2026", "date"),
        ("juillet", "date"),
    ],
)
def test_a_day_of_consent_is_read_in_the_ways_of_both_languages(typed, day):
    assert outcome(list_files.date_in, typed, TODAY) == day


def test_groups_are_several_names_in_a_cell():
    assert list_files.groups_in("Comité ; Bologne 2026|presse,") == ["Comité", "Bologne 2026", "presse"]
    for odd in ("x" * 61, "a\x00b", "zoe@example.org"):
        with pytest.raises(RowFault) as fault:
            list_files.groups_in(odd)
        assert fault.value.code == "group"


def test_what_a_row_says_of_the_consent_comes_before_what_the_list_says():
    assert list_files.source_in(" guichet\n de Lyon ", "congrès") == "guichet de Lyon"
    assert list_files.source_in("", "congrès") == "congrès"
    for odd in (("", ""), ("x" * 201, "congrès")):
        with pytest.raises(RowFault) as fault:
            list_files.source_in(*odd)
        assert fault.value.code == "source"
