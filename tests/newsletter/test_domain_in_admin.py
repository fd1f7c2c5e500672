"""“Is our mail believed?”: asked by a button, answered in words."""

import dns.exception
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from newsletter import domain
from tests.accounts.factories import make_account, signed_in
from tests.newsletter.test_dns_records import key
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PAGE = "/admin/newsletter/domain/"
GOOD = {
    ("example.org", "MX"): ["10 mx.example.org."],
    ("example.org", "TXT"): ['"v=spf1 include:spf." "example.net -all"'],
    ("mail2026._domainkey.example.org", "TXT"): [f'"v=DKIM1; p={key(2048)[:200]}" "{key(2048)[200:]}"'],
    ("_dmarc.example.org", "TXT"): ['"v=DMARC1; p=quarantine"'],
}


class FakeDns:
    """A resolver that knows `records` by (name, kind); an exception instead of records is raised."""

    def __init__(self, records):
        self.records, self.asked = records, []

    def resolve(self, name, kind, lifetime, search):
        assert lifetime <= domain.PATIENCE
        assert search is False
        self.asked.append((name, kind))
        found = self.records.get((name.rstrip("."), kind), dns.resolver.NXDOMAIN())
        if isinstance(found, Exception):
            raise found
        return dns.rrset.from_text_list(name, 60, "IN", kind, found)


@pytest.fixture
def ask(settings, monkeypatch):
    """Looks up, where DNS is as it is said to be; returns the page."""
    settings.DEFAULT_FROM_EMAIL = "OMEP <lettre@example.org>"
    settings.BOUNCE_ADDRESS = "retours@example.org"
    settings.DKIM_SELECTORS = ["mail2026"]

    def run(records, language="en"):
        fake = records if isinstance(records, Exception) else FakeDns(records)
        monkeypatch.setattr(dns.resolver, "Resolver", lambda: fake)
        if isinstance(records, Exception):
            monkeypatch.setattr(dns.resolver, "Resolver", raising(records))
        client = signed_in(make_account("administrator"), language)
        return soup(client.post(PAGE))

    return run


def raising(error):
    def call():
        raise error

    return call


def verdict(page) -> str:
    return words(page.select_one("#found"))


def grades(page) -> list[tuple[str, str]]:
    return [(words(each.h3).split()[0], words(each.select_one(".grade"))) for each in page.select(".finding")]


def test_looking_at_the_page_asks_nobody(monkeypatch, settings):
    settings.DEFAULT_FROM_EMAIL = "OMEP <lettre@école.example.org>"
    monkeypatch.setattr(dns.resolver, "Resolver", None)
    client = signed_in(make_account("administrator"), "en")
    page = soup(client.get(PAGE))
    assert words(page.h1) == "Is our mail believed?"
    assert [button["value"] for button in page.select(".mail-domain input[type=submit]")] == ["Look it up"]
    assert "xn--cole-9oa.example.org" in words(page.select_one(".mail-domain"))
    assert client.head(PAGE).status_code == 200


@pytest.mark.parametrize("role", ["editor", "moderator"])
def test_who_has_nothing_to_do_with_the_newsletter_does_not_see_it(role):
    client = signed_in(make_account(role))
    assert (client.get(PAGE).status_code, client.post(PAGE).status_code) == (403, 403)
    assert PAGE not in client.get("/admin/").content.decode()


def test_the_first_page_leads_to_it():
    client = signed_in(make_account("newsletter"), "fr")
    link = soup(client.get("/admin/")).select_one(f"a[href='{PAGE}']")
    assert words(link) == "Nos e-mails inspirent-ils confiance ?"


@pytest.mark.parametrize(
    ("language", "said", "grade"),
    [("en", "Yes: all is in order", "in order"), ("fr", "Oui : tout est en ordre", "en ordre")],
)
def test_a_domain_in_order_is_said_to_be(ask, language, said, grade):
    page = ask(GOOD, language)
    assert verdict(page) == said
    assert grades(page) == [("SPF", grade), ("DKIM", grade), ("DMARC", grade), ("MX", grade)]
    assert "v=spf1 include:spf.example.net -all" in [words(each) for each in page.select(".finding code")]


def test_what_is_missing_is_said_with_what_to_ask_for(ask):
    page = ask({("example.org", "A"): ["192.0.2.1"]})
    assert verdict(page) == "Not yet: 4 things are to be put right"
    assert {grade for _title, grade in grades(page)} == {"missing"}
    assert all("Ask for:" in words(each) for each in page.select(".finding"))
    assert "seldom takes any" in words(page.select(".finding")[3])


def test_without_a_selector_usual_names_are_tried_and_not_finding_one_proves_nothing(ask, settings):
    settings.DKIM_SELECTORS = []
    page = ask({place: found for place, found in GOOD.items() if "_domainkey" not in place[0]})
    assert verdict(page) == "What was found is in order; not everything could be found out"
    assert ("DKIM", "not known") in grades(page)
    google = {("google._domainkey.example.org", "TXT"): GOOD["mail2026._domainkey.example.org", "TXT"]}
    settings.DKIM_SELECTORS = []
    assert domain.dkim(domain.Asker(FakeDns(google)), "example.org").grade == "good"


def test_a_record_of_the_domain_above_counts(ask, settings):
    settings.DEFAULT_FROM_EMAIL = "lettre@lettre.omep.example.org"
    settings.BOUNCE_ADDRESS = "retours@example.org"
    fake = FakeDns(GOOD)
    finding = domain.dmarc(domain.Asker(fake), "lettre.omep.example.org")
    assert (finding.grade, finding.name) == ("good", "_dmarc.example.org")
    assert len(fake.asked) == 3


def test_letters_that_go_back_to_a_strange_domain_are_noticed(ask, settings):
    settings.BOUNCE_ADDRESS = "retours@provider.example"
    page = ask(GOOD | {("provider.example", "MX"): ["1 mx."], ("provider.example", "TXT"): ['"v=spf1 -all"']})
    assert [title for title, _grade in grades(page)] == ["SPF", "DKIM", "DMARC", "MX", "MX", "DMARC"]
    assert verdict(page) == "Not yet: 1 thing is to be put right"


@pytest.mark.parametrize("fault", [dns.resolver.NoNameservers(), dns.exception.Timeout(), OSError("no network")])
def test_without_dns_that_is_said_at_once(ask, fault):
    page = ask({("example.org", "MX"): fault})
    assert verdict(page) == "Nothing could be looked up"
    assert "gets no answer from DNS" in words(page.select_one(".mail-domain"))
    assert grades(page) == []


def test_a_server_that_knows_no_resolver_says_so(ask):
    assert verdict(ask(dns.resolver.NoResolverConfiguration())) == "Nothing could be looked up"


@pytest.mark.parametrize("place", [place for place in GOOD if place != ("example.org", "MX")])
def test_one_answer_that_does_not_come_leaves_the_others(ask, place):
    page = ask(GOOD | {place: dns.exception.Timeout()})
    assert sorted(grade for _title, grade in grades(page)) == ["in order"] * 3 + ["not known"]


def test_when_patience_ends_nothing_more_is_asked(monkeypatch):
    fake = FakeDns(GOOD)
    asker = domain.Asker(fake)
    asker.ends = 0
    assert domain.spf(asker, "example.org").grade == "unknown"
    assert fake.asked == []


@pytest.mark.parametrize("sender", ["OMEP <lettre@localhost>", "lettre@intranet"])
def test_a_sender_without_a_domain_is_told_to_have_one(ask, settings, sender):
    settings.DEFAULT_FROM_EMAIL = sender
    page = ask(GOOD)
    assert "which is no domain of the internet" in words(page.select_one(".mail-domain"))


def test_a_record_with_markup_is_shown_as_it_is(ask):
    page = ask(GOOD | {("example.org", "TXT"): ['"v=spf1 <script>x</script> -all"']})
    assert page.select(".finding script") == []
    assert "v=spf1 <script>x</script> -all" in [words(each) for each in page.select(".finding code")]


def test_a_form_without_our_token_does_nothing():
    client = signed_in(make_account("administrator"))
    client.handler.enforce_csrf_checks = True
    assert client.post(PAGE).status_code == 403
