"""The environment: good values become exact settings, bad ones stop the start with a sentence that names the variable."""

import os
import stat
from pathlib import Path

import pytest

from omep_site import environment


def number(name):
    return environment.number(name, 8000, 1, 65535)


def hosts(name):
    return environment.hosts(name, "127.0.0.1,localhost,[::1]")


def site_url(name):
    return environment.site_url(name, "http://127.0.0.1:8000")


def sender(name):
    return environment.sender(name, "OMEP <lettre@localhost>")


def folder(name):
    return environment.folder(name, Path("/srv/omep/backups"), outside="/srv/omep/media")


def log_format(name):
    return environment.choice(name, ("json", "line"))


def test_earlier_keys_are_as_long_as_keys_are(monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", f"{'a' * 32}, {'b' * 40}")
    assert environment.former_keys("SECRET_KEY_FALLBACKS") == ["a" * 32, "b" * 40]
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "a" * 31)
    with pytest.raises(SystemExit, match=r"^SECRET_KEY_FALLBACKS: a key in it has fewer than 32 characters"):
        environment.former_keys("SECRET_KEY_FALLBACKS")


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (environment.flag, None, False),
        (environment.flag, "", False),
        (environment.flag, "1", True),
        (environment.flag, " True ", True),
        (environment.flag, "no", False),
        (number, None, 8000),
        (number, " 80 ", 80),
        (number, "65535", 65535),
        (environment.words, None, []),
        (environment.words, " a ,, b,", ["a", "b"]),
        (environment.addresses, "anna@example.org, boris@bücher.de", ["anna@example.org", "boris@bücher.de"]),
        (sender, None, "OMEP <lettre@localhost>"),
        (environment.key_of_a_service, "", ""),
        (environment.key_of_a_service, " 0123456789aB ", "0123456789aB"),
        (sender, "lettre@example.org", "lettre@example.org"),
        (sender, "OMEP – Été <lettre@example.org>", "OMEP – Été <lettre@example.org>"),
        (hosts, None, ["127.0.0.1", "localhost", "[::1]"]),
        (hosts, "events.example.org,.example.org", ["events.example.org", ".example.org"]),
        (site_url, None, "http://127.0.0.1:8000"),
        (site_url, "https://events.example.org/", "https://events.example.org"),
        (site_url, "HTTPS://Events.Example.org", "https://events.example.org"),
        (site_url, "http://[::1]:8000", "http://[::1]:8000"),
        (site_url, "https://events.example.org:443/", "https://events.example.org"),
        (site_url, "http://[::1]:80", "http://[::1]"),
        (site_url, "http://events.example.org:443", "http://events.example.org:443"),
        (folder, None, "/srv/omep/backups"),
        (folder, " /var/backups/omep ", "/var/backups/omep"),
        (log_format, None, ""),
        (log_format, " json ", "json"),
        (environment.token, None, ""),
        (environment.token, "0123456789abcdef", "0123456789abcdef"),
        (environment.selectors, None, []),
        (environment.selectors, "mail2026, s1.example, k_1", ["mail2026", "s1.example", "k_1"]),
    ],
)
def test_a_good_value_becomes_its_setting(monkeypatch, read, value, expected):
    monkeypatch.delenv("NAME", raising=False)
    if value is not None:
        monkeypatch.setenv("NAME", value)
    assert read("NAME") == expected


INSIDE = "“{value}” is in the folder of the uploads (/srv/omep/media); choose one outside of it."


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (environment.flag, "maybe", "“maybe” is neither yes nor no; write 1 or 0."),
        (number, "abc", "“abc” is not a whole number from 1 to 65535."),
        (number, "0", "“0” is not a whole number from 1 to 65535."),
        (number, "-1", "“-1” is not a whole number from 1 to 65535."),
        (number, "65536", "“65536” is not a whole number from 1 to 65535."),
        (number, "80.0", "“80.0” is not a whole number from 1 to 65535."),
        (number, "٨٠", "“٨٠” is not a whole number from 1 to 65535."),
        (environment.addresses, "anna", "“anna” is not an e-mail address."),
        (environment.addresses, "anna@example.org, boris@", "“boris@” is not an e-mail address."),
        (environment.addresses, "Anna <anna@example.org>", "“Anna <anna@example.org>” is not an e-mail address."),
        (environment.addresses, "<anna@example.org>", "“<anna@example.org>” is not an e-mail address."),
        (environment.addresses, "anna@boris@example.org", "“anna@boris@example.org” is not an e-mail address."),
        (environment.addresses, "anna@example", "“anna@example” is not an e-mail address."),
        (hosts, "https://example.org", "“https://example.org” is not a host name; {host}"),
        (hosts, "example.org, example.org/fr", "“example.org/fr” is not a host name; {host}"),
        (hosts, "example.org:8000", "“example.org:8000” is not a host name; {host}"),
        (hosts, "[::1]:8000", "“[::1]:8000” is not a host name; {host}"),
        (hosts, "a b", "“a b” is not a host name; {host}"),
        (number, "8 0", "“8 0” is not a whole number from 1 to 65535."),
        (environment.key_of_a_service, "my key", "{key}"),
        (environment.key_of_a_service, "clé", "{key}"),
        (sender, "OMEP", "“OMEP” is not a sender; {sender}"),
        (sender, "OMEP <lettre>", "“OMEP <lettre>” is not a sender; {sender}"),
        (sender, "a@example.org\nBcc: b@example.org", "“a@example.org\nBcc: b@example.org” is not a sender; {sender}"),
        (site_url, "events.example.org", "“events.example.org” is not an address such as {url}"),
        (site_url, "ftp://events.example.org", "“ftp://events.example.org” is not an address such as {url}"),
        (site_url, "https://", "“https:” is not an address such as {url}"),
        (site_url, "https://example.org/fr", "“https://example.org/fr” is not an address such as {url}"),
        (site_url, "https://example.org?a", "“https://example.org?a” is not an address such as {url}"),
        (site_url, "https://example.org?", "“https://example.org?” is not an address such as {url}"),
        (site_url, "https://example.org#a", "“https://example.org#a” is not an address such as {url}"),
        (site_url, "https://anna@example.org", "“https://anna@example.org” is not an address such as {url}"),
        (site_url, "https://exa mple.org", "“https://exa mple.org” is not an address such as {url}"),
        (site_url, "https://example.org:abc", "“https://example.org:abc” is not an address such as {url}"),
        (site_url, "https://[", "“https://[” is not an address such as {url}"),
        (folder, "backups", "“backups” is not a whole path; write one such as /var/backups/omep."),
        (folder, "/srv/omep/media", INSIDE),
        (folder, "/srv/omep/x/../media/backups", INSIDE),
        (log_format, "xml", "“xml” is not known; write json or line, or leave it out."),
        (environment.token, "short", "{token}"),
        (environment.token, "sixteen letters, and spaces", "{token}"),
        (environment.token, "seize caractères é".replace(" ", ""), "{token}"),
        (
            environment.selectors,
            "mail2026, a b",
            "“a b” is not a selector; write the one name before ._domainkey, such as mail2026.",
        ),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence_that_names_the_variable(
    monkeypatch, recwarn, read, value, sentence
):
    monkeypatch.setenv("NAME", value)
    with pytest.raises(SystemExit) as stop:
        read("NAME")
    assert stop.value.code == "NAME: " + sentence.format(
        value=value,
        host="write www.example.org, without https://, port and path.",
        url="https://events.example.org, without a path.",
        sender="write name@example.org or OMEP <name@example.org>.",
        key="it is not a key: those have letters and digits only. Leave it out if you have none.",
        token="write a random text of at least 16 characters without spaces and accents, or leave it out.",
    )
    assert not recwarn.list


def test_a_given_key_is_taken_and_kept_nowhere(monkeypatch, tmp_path):
    monkeypatch.setenv("NAME", "x" * 32)
    assert environment.secret_key("NAME", tmp_path / "var" / "key") == "x" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_short_key_stops_the_start_and_is_not_repeated(monkeypatch, tmp_path):
    monkeypatch.setenv("NAME", "secret" + "x" * 25)
    with pytest.raises(SystemExit) as stop:
        environment.secret_key("NAME", tmp_path / "key")
    assert stop.value.code.startswith("NAME: it has fewer than 32 characters; make one with: python3 -c ")
    assert "secretx" not in stop.value.code


def test_without_a_key_one_is_made_once_that_nobody_else_may_read(monkeypatch, tmp_path):
    monkeypatch.delenv("NAME", raising=False)
    file = tmp_path / "var" / "key"
    first = environment.secret_key("NAME", file)
    assert len(first) >= 50
    assert (environment.secret_key("NAME", file), file.read_text()) == (first, first)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600


@pytest.fixture
def settings_file(monkeypatch, tmp_path):
    monkeypatch.delenv("OMEP_A", raising=False)
    monkeypatch.setenv("OMEP_B", "of the environment")
    yield tmp_path / ".env"
    os.environ.pop("OMEP_A", None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"OMEP_A=1\r\nOMEP_B=2\r\n", "1"),
        (b"\xef\xbb\xbfOMEP_A='a # b'\n \n  # OMEP_A=2\n", "a # b"),
        (b'  export OMEP_A="\xc3\xa9t\xc3\xa9"  \n', "été"),
        (b"OMEP_A=$HOME=\"x'\n", "$HOME=\"x'"),
    ],
)
def test_a_file_of_settings_is_read_and_the_environment_wins(settings_file, text, value):
    settings_file.write_bytes(text)
    environment.read(settings_file)
    assert (os.environ["OMEP_A"], os.environ["OMEP_B"]) == (value, "of the environment")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            b"OMEP_A=1\nEMAIL_URL = smtp://anna:secret@h\n",
            "line 2 is neither NAME=value, without spaces around the =, nor",
        ),
        (b"secret\n", "line 1 is neither NAME=value, without spaces around the =, nor a comment (#)."),
        (b"OMEP_A=\xe9secret\n", "it cannot be read (it is not written in UTF-8)."),
    ],
)
def test_a_line_that_sets_nothing_stops_the_start_and_is_not_repeated(settings_file, text, sentence, caplog, capsys):
    settings_file.write_bytes(text)
    with pytest.raises(SystemExit) as stopped:
        environment.read(settings_file)
    assert str(stopped.value).startswith(f".env: {sentence}")
    assert "secret" not in f"{stopped.value}{caplog.text}{capsys.readouterr()}"


def test_without_a_file_of_settings_there_is_only_the_environment(settings_file):
    environment.read(settings_file)
    assert "OMEP_A" not in os.environ
