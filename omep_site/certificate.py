"""Until when the certificate of the site's own address is good, looked up by the worker as a visitor's browser would."""

import logging
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings

from omep_site.lib.intervals import Interval
from omep_site.models import Finding

logger = logging.getLogger(__name__)

EVERY = 3600  # seconds
AGAIN = 60  # seconds, where nobody answered
PATIENCE = 5  # seconds
UNREACHABLE = "unreachable"


class Look:
    """The part of a worker that looks, once an hour."""

    def __init__(self):
        self.pause = Interval(EVERY)

    def look(self) -> int:
        if not settings.HTTPS or not self.pause.is_over():
            return 0
        self.pause.begin()
        address = urlsplit(settings.SITE_URL)
        ends, trouble = look_up(address.hostname, address.port or 443)
        # Where nobody answers, the machine may have just started, and the worker before the proxy: it is told when the next
        # look, in a minute, says the same.
        is_first = self.pause.seconds == EVERY
        self.pause.seconds = AGAIN if trouble == UNREACHABLE else EVERY
        if trouble != UNREACHABLE or not is_first:
            Finding.keep(Finding.CERTIFICATE, ends=ends, trouble=trouble)
        return 0


def look_up(host: str, port: int, context: ssl.SSLContext | None = None) -> tuple[float | None, str]:
    """When it ends, in seconds since 1970; where that could not be seen, why: “expired”, “untrusted” or “unreachable”."""
    context = context or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as connection,
            context.wrap_socket(connection, server_hostname=host) as secure,
        ):
            return ssl.cert_time_to_seconds(secure.getpeercert()["notAfter"]), ""
    except ssl.SSLCertVerificationError as error:
        expired = error.verify_code == 10  # X509_V_ERR_CERT_HAS_EXPIRED
        return None, "expired" if expired else "untrusted"
    except (OSError, ValueError) as error:
        logger.warning("the certificate of the site’s address could not be looked up: %s", type(error).__name__)
        return None, UNREACHABLE
