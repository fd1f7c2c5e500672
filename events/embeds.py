"""What of other sites a page can show in place, after a click: from an address that people share to that of a frame.

`embed()` knows a short list of sites. Whatever else an address leads to stays a plain link, and so does what it does
not know for certain on these: what it lets into a frame's address is made of digits, letters and a few signs only.
PeerTube has no host of its own, and since September 2026 Dailymotion plays only under the number of a player that
somebody has registered: both are plain links.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

LONGEST = 24 * 3600  # seconds into a film at which it may begin

YOUTUBE_ID = re.compile("[A-Za-z0-9_-]{11}")
VIMEO_PATH = re.compile(
    r"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(?P<id>[0-9]{1,12})(?:/(?P<hash>[0-9a-f]{6,20}))?/?", re.ASCII
)
VIMEO_HASH = re.compile("[0-9a-f]{6,20}")
FACEBOOK_ID = re.compile("[0-9]{5,20}")
FACEBOOK_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9.-]{3,74}")
FACEBOOK_VIDEO = re.compile(rf"/({FACEBOOK_NAME.pattern})/videos/(?:[\w.-]+/)?({FACEBOOK_ID.pattern})/?", re.ASCII)
# What stands in the place of a page's name and is none.
FACEBOOK_ITSELF = {
    *("about", "business", "dialog", "events", "gaming", "groups", "hashtag", "help", "home", "legal", "live", "login"),
    *("marketplace", "media", "messages", "notes", "pages", "people", "photo", "photos", "plugins", "policies"),
    *("posts", "privacy", "public", "reel", "reels", "search", "share", "sharer", "stories", "story", "terms", "watch"),
    *("privacy-center", "directory", "games", "places", "friends", "settings", "video", "videos"),
}
HOUR_MINUTE_SECOND = re.compile("(?:([0-9]{1,2})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s?)?")


@dataclass(frozen=True)
class Embed:
    """A frame, and whose it is: `site` and `owner` are names, such as “YouTube” and “Google”; `owner` may be ""."""

    frame: str  # an https address
    site: str
    owner: str
    is_page: bool = False  # a page with its posts; otherwise a film

    @property
    def who(self) -> str:
        """“YouTube (Google)”: who is asked for the frame."""
        return f"{self.site} ({self.owner})" if self.owner else self.site


def embed(url: str) -> Embed | None:
    """What can be shown in place of the page that this address leads to; None for a plain link."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or port not in (None, 80, 443):
        return None
    find = SITES.get(host.removeprefix("www."))
    return find(parts) if find else None


def _youtube(parts: SplitResult) -> Embed | None:
    if parts.path.rstrip("/") == "/watch":
        name = _asked(parts, "v")
    else:
        name = re.sub("^/(?:live|shorts|embed|v)(?=/)", "", parts.path).strip("/")
    if (parts.hostname == "youtu.be" and parts.path.count("/") != 1) or not YOUTUBE_ID.fullmatch(name):
        return None
    start = _seconds(_asked(parts, "t") or _asked(parts, "start") or parts.fragment.removeprefix("t="))
    # The host that sets no cookie before the film runs. It plays only where it is told which site asks.
    frame = f"https://www.youtube-nocookie.com/embed/{name}"
    return Embed(f"{frame}?start={start}" if start else frame, "YouTube", "Google")


def _vimeo(parts: SplitResult) -> Embed | None:
    found = VIMEO_PATH.fullmatch(parts.path)
    if not found:
        return None
    secret = found["hash"] or _asked(parts, "h")  # of a film that is not listed
    if secret and not VIMEO_HASH.fullmatch(secret):
        return None
    start = _seconds(parts.fragment.removeprefix("t="))
    asked = urlencode(({"h": secret} if secret else {}) | {"dnt": 1})  # “do not track”
    frame = f"https://player.vimeo.com/video/{found['id']}?{asked}"
    return Embed(f"{frame}#t={start}s" if start else frame, "Vimeo", "")


def _facebook(parts: SplitResult) -> Embed | None:
    path = parts.path.rstrip("/")
    if found := FACEBOOK_VIDEO.fullmatch(parts.path):
        return _facebook_frame("video", f"{found[1]}/videos/{found[2]}/")
    if path in ("/watch", "/watch/live", "/video.php"):
        name = _asked(parts, "v")
        return _facebook_frame("video", f"video.php?v={name}") if FACEBOOK_ID.fullmatch(name) else None
    if path == "/profile.php":
        name = _asked(parts, "id")
        return _facebook_frame("page", f"profile.php?id={name}") if FACEBOOK_ID.fullmatch(name) else None
    name = path.removeprefix("/")
    is_name = FACEBOOK_NAME.fullmatch(name) and name.lower() not in FACEBOOK_ITSELF and not name.endswith(".php")
    return _facebook_frame("page", name) if is_name else None


def _facebook_frame(plugin: str, name: str) -> Embed:
    is_page = plugin == "page"
    more = "tabs=timeline&height=500&small_header=true" if is_page else "show_text=false"
    href = quote(f"https://www.facebook.com/{name}", safe="")
    return Embed(f"https://www.facebook.com/plugins/{plugin}.php?href={href}&{more}", "Facebook", "Meta", is_page)


# By host, without “www.”.
SITES: dict[str, Callable[[SplitResult], Embed | None]] = {
    **dict.fromkeys(["youtube.com", "m.youtube.com", "youtu.be", "youtube-nocookie.com"], _youtube),
    **dict.fromkeys(["vimeo.com", "player.vimeo.com"], _vimeo),
    **dict.fromkeys(["facebook.com", "m.facebook.com", "web.facebook.com", "fr-fr.facebook.com"], _facebook),
}


def _asked(parts: SplitResult, name: str) -> str:
    """A parameter of the address; "" where it is not there."""
    return parse_qs(parts.query).get(name, [""])[0]


def _seconds(words: str) -> int:
    """“90”, “90s” and “1m30s” are 90; what says no time is 0."""
    found = HOUR_MINUTE_SECOND.fullmatch(words)
    hours, minutes, seconds = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    return min(3600 * hours + 60 * minutes + seconds, LONGEST)
