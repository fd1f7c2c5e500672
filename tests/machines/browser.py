"""Somebody with a browser, whom the proxy sends now to this machine and now to that one."""

from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.pages import soup
from tests.processes import PATIENCE


@dataclass
class Answer:
    status: int
    headers: dict[str, str]  # names in small letters
    content: bytes

    def form(self, chosen: str) -> BeautifulSoup:
        return soup(self).select_one(chosen)


@dataclass
class Browser:
    """Cookies as a browser keeps them; `address` is what the proxy says of where it is."""

    host: str
    address: str
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, port: int, path: str, **headers) -> Answer:
        return self.ask(port, "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, port: int, path: str, fields: dict, files: dict | None = None) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        body = urlencode(fields, doseq=True).encode()
        if files:
            headers["Content-Type"], body = MULTIPART_CONTENT, encode_multipart(BOUNDARY, fields | files)
        return self.ask(port, "POST", path, body, headers)

    def ask(self, port: int, method: str, path: str, body: bytes | None = None, headers=None) -> Answer:
        always = {"Host": self.host, "X-Forwarded-For": self.address, "Accept-Language": "en"}
        if self.cookies:
            always["Cookie"] = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, always | (headers or {}))
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie", []):
                self.cookies.load(line)
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def token(self, port: int, path: str) -> dict[str, str]:
        """What a form of the admin on that page sends along."""
        return {"csrfmiddlewaretoken": self.get(port, path).form("[name=csrfmiddlewaretoken]")["value"]}

    def sign_in(self, port: int, username: str, password: str) -> Answer:
        path = "/admin/login/?next=/admin/"
        return self.post(port, path, {"username": username, "password": password, **self.token(port, path)})


def filled(form: BeautifulSoup, **answers: str) -> dict[str, str]:
    """What a browser sends of a public form."""
    inputs = {each["name"]: each.get("value", "") for each in form.select("input[name], textarea[name]")}
    return inputs | answers


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
