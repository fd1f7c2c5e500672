"""What is too large is refused before anything of it is written down, in words for whoever sent it."""

from io import BytesIO

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from tests.accounts.factories import make_account, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

MB = 2**20
HEADING = {"en": "This request could not be read", "fr": "Cette demande n’a pas pu être lue"}
SIGNED_OUT = {
    "en": "You are not signed in, or not any more. Pictures and documents can be sent only after signing in.",
    "fr": "La session n’est pas ouverte, ou elle est terminée. Pour envoyer des images ou des documents, connectez-vous "
    "d’abord.",
}
TOO_LARGE = {
    "en": "The files are too large together: at most 64 MB can be saved at once. Nothing was saved. Go back, leave some "
    "of them out, save, and then add the others.",
    "fr": "Ensemble, les fichiers sont trop lourds : on peut en enregistrer 64 Mo au plus à la fois. Rien n’a été "
    "enregistré. Revenez en arrière, retirez-en quelques-uns, enregistrez, puis ajoutez les autres.",
}


class Sent(BytesIO):
    """A body of zeros that nobody has to keep; counts what was read of it."""

    def __init__(self, size):
        super().__init__()
        self.left, self.seen = size, 0

    def read(self, size=-1):
        count = min(self.left, size if size >= 0 else self.left)
        self.left, self.seen = self.left - count, self.seen + count
        return bytes(count)


@pytest.fixture(autouse=True)
def written(monkeypatch):
    """The files that Django began to write to the disk."""
    found = []
    begin = TemporaryFileUploadHandler.new_file

    def new_file(self, *args, **kwargs):
        found.append(args)
        return begin(self, *args, **kwargs)

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", new_file)
    return found


def send(client, path, size, **extra):
    body = Sent(size)
    environ = {
        "CONTENT_LENGTH": str(size),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": body,
    }
    return client.generic("POST", path, **environ | extra), body


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", ["/admin/login/", "/admin/events/event/add/", "/admin/password_reset/"])
def test_who_has_not_signed_in_sends_two_megabytes_and_no_more(path, language, written):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": language})

    response, body = send(client, path, 300 * MB)
    page = soup(response)
    assert (response.status_code, words(page.h1), words(page.select_one(".lead"))) == (
        413,
        HEADING[language],
        SIGNED_OUT[language],
    )
    assert page.select_one("a.button")["href"] == "/admin/login/"
    assert (body.seen, written) == (16 * MB, [])


def test_a_forged_or_an_old_session_opens_nothing():
    forged = Client()
    forged.cookies["sessionid"] = "0123456789abcdefghijklmnopqrstuv"
    gone = signed_in(make_account("editor"))
    cookie = gone.cookies["sessionid"].value
    gone.post("/admin/logout/")
    gone.cookies["sessionid"] = cookie
    chose_a_language = Client()
    chose_a_language.post("/admin/language/", {"language": "en"})
    assert chose_a_language.session["language"] == "en"

    for client in (forged, gone, chose_a_language):
        assert send(client, "/admin/login/", 2 * MB + 1)[0].status_code == 413


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_editor_sends_sixty_four_megabytes_at_once_and_learns_so(language, written):
    client = signed_in(make_account("editor"), language)

    response, body = send(client, "/admin/events/event/add/", 64 * MB + 1)
    assert (response.status_code, words(soup(response).select_one(".lead"))) == (413, TOO_LARGE[language])
    assert (body.seen, written) == (64 * MB + 1, [])
    assert send(client, "/admin/events/event/add/", 300 * MB)[1].seen == 256 * MB


def test_a_picture_of_fifteen_megabytes_reaches_the_form_of_an_editor(written):
    client = signed_in(make_account("editor"))
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="jardin.jpg"\r\n\r\n'
    body = head + bytes(15 * MB) + b"\r\n--x--\r\n"

    response = client.generic("POST", "/admin/second_factor/", body, content_type="multipart/form-data; boundary=x")
    assert (response.status_code, len(written)) == (422, 1)  # the form is read, and asks for its code


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/events/event/add/"])
def test_who_does_not_say_how_much_it_will_be_is_asked_for_it(path, written):
    for client in (Client(), signed_in(make_account("editor"))):
        response, body = send(client, path, 5 * MB, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
        assert (response.status_code, body.seen, written) == (411, 0, [])
