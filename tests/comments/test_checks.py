"""The checks, one by one and together: pure functions, so no database."""

import pytest

from comments.checks import CHECKS, Facts, Submission, Verdict, is_shouted, judge
from comments.checks import TELEPHONE as TELEPHONE_NUMBER
from comments.models import Rules
from comments.stamps import Stamp

GOOD = Submission("Zoé Lefèvre", "Merci d’avoir pensé aux crèches !", stamp=Stamp(seconds=60.0))
KNOWN = Facts(approved_before=True, is_confirmed=True, site_name="omep", host="events.example.org")
STRANGER = Facts(site_name="omep", host="events.example.org")


def codes(facts=KNOWN, rules=None, **sent) -> list[str]:
    return judge(Submission(**vars(GOOD) | sent), facts, rules or Rules())[1]


def verdicts(facts=KNOWN, rules=None, **sent) -> set[tuple[str, str]]:
    submission = Submission(**vars(GOOD) | sent)
    found = [check(submission, facts, rules or Rules()) for check in CHECKS]
    return {(verdict.outcome, verdict.code) for verdict in found if verdict}


def test_nothing_is_noticed_about_somebody_who_is_known_and_writes_as_people_do():
    assert codes() == []


def test_all_reasons_are_kept_the_weightiest_first():
    sent = {
        "name": "Админ admin",
        "body": "АCHETEZ MES MONTRES D’ÉTÉ ET TOUS MES SACS DE VOYAGE OU NE VENEZ PAS ME DIRE QUE VOUS NE SAVIEZ RIEN [url=https://a.example]a[/url] <a href=www.b.example> 06 39 98 01 23 z@example.org",
        "website": "https://c.example",
        "decoy": "x",
        "stamp": Stamp(seconds=1.9),
        "says_where_from": False,
    }
    facts = Facts(said_before=True, stamp_used=True, akismet="spam", site_name="omep")
    rules = Rules(spam_words="montres", hold_words="achetez\nété")
    assert judge(Submission(**sent), facts, rules) == (
        "spam",
        [
            *("decoy", "akismet", "spam_words:1", "markup"),
            *(
                "hold_words:2",
                "repeated",
                "reused",
                "too_fast:1",
                "mixed_letters",
                "links:2",
                "no_origin",
                "new_address",
            ),
            *("website", "capitals", "address_in_text", "telephone"),
        ],
    )


HOLDS = [
    # rule, something to look at, approved before, confirmed → status
    *[
        ("all", noticed, before, confirmed, "pending")
        for noticed in (0, 1)
        for before in (0, 1)
        for confirmed in (0, 1)
    ],
    *[("first", 0, before, confirmed, "pending") for before, confirmed in [(0, 0), (1, 0), (0, 1)]],
    ("first", 0, 1, 1, "approved"),
    ("first", 1, 1, 1, "pending"),
    *[("noticed", 0, before, confirmed, "approved") for before in (0, 1) for confirmed in (0, 1)],
    *[("noticed", 1, before, confirmed, "pending") for before in (0, 1) for confirmed in (0, 1)],
]


@pytest.mark.parametrize(("rule", "noticed", "before", "confirmed", "status"), HOLDS)
def test_the_rule_says_which_comments_wait(rule, noticed, before, confirmed, status):
    facts = Facts(approved_before=bool(before), is_confirmed=bool(confirmed))
    sent = Submission(**vars(GOOD) | {"says_where_from": not noticed})
    assert judge(sent, facts, Rules(hold=rule))[0] == status


@pytest.mark.parametrize("rule", ["all", "first", "noticed"])
def test_spam_is_spam_under_every_rule_and_from_anybody(rule):
    assert judge(Submission(**vars(GOOD) | {"decoy": "x"}), KNOWN, Rules(hold=rule)) == ("spam", ["decoy"])


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (Stamp(seconds=0.0), {("hold", "too_fast:0")}),
        (Stamp(seconds=2.9), {("hold", "too_fast:2")}),
        (Stamp(seconds=3.0), set()),
        (Stamp(seconds=86_000.0), set()),
        (Stamp(fault="no_stamp"), {("note", "no_stamp")}),
        (Stamp(fault="old_stamp"), {("note", "old_stamp")}),
    ],
)
def test_the_time_it_took_is_looked_at_where_it_is_known(stamp, expected):
    assert verdicts(stamp=stamp) == expected


def test_no_time_is_too_short_where_the_rules_ask_for_none():
    assert verdicts(rules=Rules(min_seconds=0), stamp=Stamp(seconds=0.0)) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Sans lien. Voir l’annexe www pour la suite.", set()),
        ("https://www.example.org/école", {("note", "links:1")}),
        ("HTTP://EXAMPLE.ORG et www.example.org", {("hold", "links:2")}),
        ("www.a.example,www.b.example", {("hold", "links:2")}),
        ("awww.mignon", set()),
        (" ".join(f"http://a{number}.example" for number in range(7)), {("hold", "links:7")}),
        (" ".join(f"http://a{number}.example" for number in range(8)), {("spam", "links:8")}),
        ("https://events.example.org/fr/ et https://EVENTS.example.org", set()),
        ("https://events.example.org.montres.example/", {("note", "links:1")}),
        ("https://events.example.org@montres.example/", {("note", "links:1")}),
    ],
)
def test_links_are_counted_once_each_except_those_to_this_site(body, expected):
    assert verdicts(body=body) == expected


def test_a_link_in_the_name_counts_too():
    assert verdicts(name="www.casino.example") == {("note", "links:1")}


def test_links_alone_are_never_spam_where_the_rules_say_so():
    body = " ".join(f"http://a{number}.example" for number in range(20))
    assert verdicts(rules=Rules(links_to_spam=0), body=body) == {("hold", "links:20")}


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("[url=http://a.example]a[/url]", "hold"),
        ("[URL]http://a.example[/URL]", "hold"),
        ("désolé : <a href='http://a.example'>a</a> et <a href='http://b.example'>b</a>", "hold"),
        ("[url=http://a.example]a[/url] [url=http://b.example]b[/url]", "spam"),
        ("[link=http://a.example]a[/link] <a class=x href=y>", "spam"),
        ("Voir [1] et [url], <b>sic</b>, a < b, <article href>", "hold"),
        ("Voir [1] et [Curl], <b>sic</b>, a < b, <article href>", None),
    ],
)
def test_the_code_of_links_is_noticed_and_spam_where_it_comes_in_bundles(body, outcome):
    assert [found for found, code in verdicts(body=body) if code == "markup"] == ([outcome] if outcome else [])


@pytest.mark.parametrize(
    ("listed", "body", "count"),
    [
        ("casino", "Le CASINO d’à côté", 1),
        ("casino", "casinos", 0),
        ("casino", "l’occasion", 0),
        ("été", "Quel ete !", 1),
        ("payday loans", "Payday-loans, payday  loans", 1),
        ("payday loans", "loans payday", 0),
        ("casino\nété\nautre", "casino d’été", 2),
        ("casino", "саsіnо", 1),  # four Cyrillic letters
        ("казино", "Лучшее КАЗИНО", 1),
        ("博彩", "最佳博彩平台", 1),
        ("!!!\n\n  ", "!!! ?", 0),
        ("", "casino", 0),
    ],
)
def test_listed_words_are_whole_words_whatever_their_accents_capitals_and_disguise(listed, body, count):
    expected = [f"spam_words:{count}"] if count else []
    assert [code for code in codes(rules=Rules(spam_words=listed), body=body) if "_words" in code] == expected
    expected = [f"hold_words:{count}"] if count else []
    assert [code for code in codes(rules=Rules(hold_words=listed), body=body) if "_words" in code] == expected


def test_listed_words_are_looked_for_in_the_name_and_the_website_too():
    rules = Rules(spam_words="casino")
    assert codes(rules=rules, name="Casino Zoé") == ["spam_words:1"]
    assert codes(rules=rules, website="https://best-casino.example") == ["spam_words:1", "website"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("Merci à toutes", None),
        ("Ευχαριστώ για την πρόσκληση", None),
        ("Спасибо, merci, ευχαριστώ", None),
        ("5 kΩ, 3 μm, β-carotène", None),
        ("Спаcибо", "hold"),  # a Latin c, from who writes with two keyboards
        ("Рlау nоw in thе bеst саsinо", "spam"),
    ],
)
def test_letters_of_several_alphabets_in_one_word_are_noticed(body, outcome):
    assert [found for found, code in verdicts(body=body) if code == "mixed_letters"] == ([outcome] if outcome else [])


@pytest.mark.parametrize(
    ("text", "shouted"),
    [
        ("MERCI À TOUTES LES ÉQUIPES POUR CET ÉTÉ", True),
        ("MERCI À L’OMEP !", False),  # short
        ("L’OMEP et l’UNESCO invitent à Bologne, en Italie.", False),
        ("VOYEZ https://example.org/quelque/chose/de/long/en/minuscules MAINTENANT OU JAMAIS", True),
        ("https://example.org/QUELQUE-CHOSE", False),
        ("شكرا جزيلا على هذه الندوة الجميلة", False),
        ("", False),
    ],
)
def test_capitals_are_noticed_in_longer_texts_only(text, shouted):
    assert is_shouted(text) is shouted
    assert (("note", "capitals") in verdicts(body=text)) is shouted


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("Mon numéro : 06 39 98 01 23.", True),
        ("0639980123", True),
        ("+33 (0)6 39 98 01 23", True),
        ("+44 7700 900123", True),
        ("(01) 99 00 12 34", True),
        ("le 06/12/2021 à 13 h 30", False),
        ("Les lois de 1881, 1887 et 1989", False),
        ("3 000 à 900 000 euros", False),
        ("ISBN 978-2-07-036822-8", False),
        ("2021-12-06 10:00", False),
        ("0 1 2 3", False),
    ],
)
def test_telephone_numbers_are_told_from_dates_and_amounts(body, is_one):
    assert bool(TELEPHONE_NUMBER.search(body)) is is_one


@pytest.mark.parametrize(
    ("body", "is_one"),
    [
        ("Écrivez à zoe.lefevre@example.org.", True),
        ("(zoe+omep@éveil.example)", True),
        ("@Gilles : d’accord", False),
        ("12 enfants @ 3 euros", False),
        ("https://example.org/@zoe.example", False),
    ],
)
def test_an_address_in_the_text_is_noticed(body, is_one):
    assert (("note", "address_in_text") in verdicts(body=body)) is is_one


TEAM = frozenset({"claire", "claire martin", "zoe"})


@pytest.mark.parametrize(
    "name",
    [
        *("Admin", "ADMIN", "admin 2", "Adm1n", "Аdmin", "Αdmin", "Аdmіn", "Ａｄｍｉｎ", "A\u00addmin"),
        *("Modérateur", "La modératrice", "Administrateur", "Webmaster", "L’équipe de l’OMEP", "OMEP Team"),
        *("OMEP", "ОМЕР", "ΟΜΕΡ", "0MEP", "omep", "Site officiel OMEP"),
        *("Claire Martin", "CLAIRE  MARTIN", "Martin, Claire", "Сlаire Маrtin", "claire", "Zoë"),
        *("Pаtrick", "Ζoé Roy"),  # a Cyrillic a; a Greek Ζ
    ],
)
def test_a_name_that_looks_like_the_teams_is_held(name):
    facts = Facts(**vars(KNOWN) | {"team": TEAM})
    assert verdicts(facts, name=name) == {("hold", "confusable")}


@pytest.mark.parametrize(
    "name",
    [
        *("Zoé Lefèvre", "Claire", "Claire Martinez", "Claire (OMEP Canada)", "OMEP France", "Équipe", "Team Lucioles"),
        *("Иван Петров", "Ελένη Παπαδοπούλου", "محمد بن علي", "李明", "123", "Le Site", "Aminata", "Minda"),
    ],
)
def test_other_names_are_not(name):
    facts = Facts(**vars(KNOWN) | {"team": frozenset({"claire martin", "claire.martin"})})
    assert verdicts(facts, name=name) == set()


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        ({}, "note"),
        ({"website": "https://a.example"}, "hold"),
        ({"body": "https://a.example"}, "hold"),
        ({"body": "Écrivez à zoe@example.org"}, "hold"),
        ({"body": "Appelez le 06 39 98 01 23"}, "hold"),
        ({"body": "https://events.example.org/fr/"}, "note"),
    ],
)
def test_who_is_new_and_leads_elsewhere_is_worth_a_look(sent, outcome):
    assert [found for found, code in verdicts(STRANGER, **sent) if code == "new_address"] == [outcome]


def test_an_address_that_nobody_confirmed_is_told_where_it_makes_a_comment_wait():
    before = Facts(approved_before=True)
    assert verdicts(before, Rules(hold="first")) == {("note", "unconfirmed")}
    assert verdicts(before, Rules(hold="all")) == set()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("spam", {("spam", "akismet")}), ("away", {("note", "akismet_away")}), ("ham", set()), ("", set())],
)
def test_akismet_is_a_check_like_the_others(answer, expected):
    assert verdicts(Facts(**vars(KNOWN) | {"akismet": answer})) == expected


def test_a_verdict_is_a_value():
    assert Verdict("hold", "website") == Verdict("hold", "website")
