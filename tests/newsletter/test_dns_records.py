"""What a domain says of its mail, read from records as they are found in the wild."""

import base64

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter import dns_records


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def key(bits: int) -> str:
    """As long as an RSA key of so many bits is."""
    return base64.b64encode(b"x" * (bits // 8 + 34)).decode()


@pytest.mark.parametrize(
    ("texts", "grade", "means"),
    [
        ([], "missing", "Nobody says which servers may send mail"),
        (["google-site-verification=x", "v=spf10 -all"], "missing", "Nobody says which servers may send mail"),
        (["v=spf1 include:spf.example.net -all"], "good", "from anywhere else are refused"),
        (["V=SPF1 mx ~ALL", "google-site-verification=x"], "good", "are met with suspicion"),
        (["v=spf1 redirect=_spf.example.net"], "good", "the record of another domain"),
        (["v=spf1 mx ?all"], "mend", "leaves open"),
        (["v=spf1 mx"], "mend", "leaves open"),
        (["v=spf1"], "mend", "leaves open"),
        (["v=spf1 +all"], "mend", "anybody may send"),
        (["v=spf1 all"], "mend", "anybody may send"),
        (["v=spf1 mx -all", "v=spf1 a -all"], "mend", "several SPF records"),
        (["v=spf1 " + " ".join(f"include:s{n}.example.net" for n in range(10)) + " ip4:192.0.2.1 -all"], "good", ""),
        (
            ["v=spf1 " + " ".join(f"include:s{n}.example.net" for n in range(10)) + " a/24 -all"],
            "mend",
            "more than ten",
        ),
    ],
)
def test_spf(texts, grade, means):
    finding = dns_records.spf("example.org", texts)
    assert (finding.grade, means in finding.means) == (grade, True)
    assert bool(finding.ask) == (grade != "good")


@pytest.mark.parametrize(
    ("texts", "grade", "means"),
    [
        ([f"v=DKIM1; k=rsa; p={key(2048)}"], "good", "The key is there."),
        ([f"k=rsa;p={key(1024)}"], "good", "The key is there."),
        ([f"v=DKIM1; p={key(2048)[:100]} {key(2048)[100:]}"], "good", "The key is there."),
        (["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="], "good", "The key is there."),
        ([f"v=DKIM1; p={key(512)}"], "mend", "so short"),
        (["v=DKIM1; p="], "mend", "withdrawn"),
        (["v=DKIM1; p=clé"], "mend", "no key can be read"),
        (["v=DKIM1; p=AAA"], "mend", "no key can be read"),
    ],
)
def test_dkim(texts, grade, means):
    finding = dns_records.dkim("mail._domainkey.example.org", texts)
    assert (finding.grade, means in finding.means) == (grade, True)


@pytest.mark.parametrize("texts", [[], ["v=spf1 -all"], ["hello"]])
def test_what_is_no_key_is_none(texts):
    assert dns_records.dkim("mail._domainkey.example.org", texts) is None


@pytest.mark.parametrize(
    ("texts", "grade", "means"),
    [
        ([], "missing", "Nothing is said"),
        (["v=spf1 -all"], "missing", "Nothing is said"),
        (["v=DMARC1; p=none; rua=mailto:a@example.org"], "good", "asks for nothing yet"),
        (["v=DMARC1;p=Quarantine"], "good", "spam folder"),
        (["v = DMARC1 ; p = reject"], "good", "are refused"),
        (["v=DMARC1"], "mend", "missing or not a word"),
        (["v=DMARC1; p=maybe"], "mend", "missing or not a word"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], "mend", "several DMARC records"),
    ],
)
def test_dmarc(texts, grade, means):
    finding = dns_records.dmarc("_dmarc.example.org", texts)
    assert (finding.grade, means in finding.means) == (grade, True)


@pytest.mark.parametrize(
    ("servers", "has_address", "grade", "means", "records"),
    [
        ([(20, "b.example.net."), (10, "a.example.net.")], False, "good", "takes mail", ("10 a.example.net.", "20 b.example.net.")),
        ([], False, "missing", "no letter can come back", ()),
        ([], True, "missing", "seldom takes any", ()),
        ([(0, ".")], False, "mend", "no mail at all", ("0 .",)),
    ],
)  # fmt: skip
def test_mx(servers, has_address, grade, means, records):
    finding = dns_records.mx("example.org", servers, has_address)
    assert (finding.grade, means in finding.means, finding.records) == (grade, True, records)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("example.org", "example.org", True),
        ("retours.example.org", "example.org", True),
        ("example.org", "retours.example.org", True),
        ("badexample.org", "example.org", False),
        ("example.org", "example.net", False),
    ],
)
def test_a_domain_and_those_below_it_are_related(one, other, expected):
    assert dns_records.are_related(one, other) is expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_texts_are_read(texts):
    texts += [f"v=spf1 {text}" for text in texts] + [f"v=DMARC1; {text}" for text in texts]
    for read in (dns_records.spf, dns_records.dkim, dns_records.dmarc):
        read("example.org", [*texts, *(f"v=DKIM1; p={text}" for text in texts)])
