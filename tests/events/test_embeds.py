"""From an address that people share to that of a frame; and whatever is not known for certain stays a link."""

import pytest

from events.embeds import embed

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
VIMEO = "https://player.vimeo.com/video/76979871"
PAGE = "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2F{}&tabs=timeline&height=500&small_header=true"
FILM = "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2F{}&show_text=false"


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("http://youtube.com:80/watch/?app=desktop&v=dQw4w9WgXcQ&list=PL1", YOUTUBE),
        ("https://M.YouTube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=1h2m3s", f"{YOUTUBE}?start=3723"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=90", f"{YOUTUBE}?start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=90s", f"{YOUTUBE}?start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1m30", f"{YOUTUBE}?start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=999999", f"{YOUTUBE}?start=86400"),
        ("https://youtu.be/dQw4w9WgXcQ?t=-3", YOUTUBE),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=12&autoplay=1", f"{YOUTUBE}?start=12"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", YOUTUBE),
        ("https://vimeo.com/76979871", f"{VIMEO}?dnt=1"),
        ("https://vimeo.com/76979871/0123abcdef?share=copy", f"{VIMEO}?h=0123abcdef&dnt=1"),
        ("https://vimeo.com/76979871?h=0123abcdef", f"{VIMEO}?h=0123abcdef&dnt=1"),
        ("https://vimeo.com/channels/staffpicks/76979871#t=1m30s", f"{VIMEO}?dnt=1#t=90s"),
        ("https://vimeo.com/groups/omep/videos/76979871", f"{VIMEO}?dnt=1"),
        ("https://player.vimeo.com/video/76979871?h=0123abcdef&badge=0", f"{VIMEO}?h=0123abcdef&dnt=1"),
        ("https://www.facebook.com/watch/?v=1234567890", FILM.format("video.php%3Fv%3D1234567890")),
        ("https://m.facebook.com/watch/live/?v=1234567890&ref=x", FILM.format("video.php%3Fv%3D1234567890")),
        ("https://www.facebook.com/worldomep/videos/1234567890/", FILM.format("worldomep%2Fvideos%2F1234567890%2F")),
        (
            "https://www.facebook.com/worldomep/videos/le-lancement/1234567890",
            FILM.format("worldomep%2Fvideos%2F1234567890%2F"),
        ),
        ("https://www.facebook.com/worldomep", PAGE.format("worldomep")),
        ("https://facebook.com/OMEP.France-123/?locale=fr_FR", PAGE.format("OMEP.France-123")),
        ("https://www.facebook.com/profile.php?id=100064", PAGE.format("profile.php%3Fid%3D100064")),
    ],
)
def test_what_is_known_becomes_a_frame(url, frame):
    assert embed(url).frame == frame


@pytest.mark.parametrize(
    "url",
    [
        "",
        "worldomep",
        "https://",
        "https://[/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:99999/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "javascript://youtube.com/watch?v=dQw4w9WgXcQ",
        "ftp://youtube.com/watch?v=dQw4w9WgXcQ",
        "//youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://me:secret@youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://evil.example/https://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXc",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22%20onload=x",
        "https://www.youtube.com/watch?v=dQw4w9WgXc\u0661",
        "https://www.youtube.com/watch?v=../../../ab",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/playlist?list=PL123456789",
        "https://www.youtube.com/@omep",
        "https://www.youtube.com/embed/dQw4w9WgXcQ/../../evil",
        "https://www.youtube.com/live/shorts/dQw4w9WgXcQ",
        "https://youtu.be/embed/dQw4w9WgXcQ",
        "https://vimeo.com/",
        "https://vimeo.com/76979871/not-a-hash",
        "https://vimeo.com/76979871?h=%22%3E",
        "https://vimeo.com/event/76979871",
        "https://vimeo.com/showcase/76979871",
        "https://vimeo.com/\u0661\u0662\u0663",
        "https://www.dailymotion.com/video/x84sh87",
        "https://dai.ly/x84sh87",
        "https://peertube.example/w/abc",
        "https://fb.watch/abc123/",
        "https://www.facebook.com/",
        "https://www.facebook.com/watch/",
        "https://www.facebook.com/watch/?v=x%26evil",
        "https://www.facebook.com/groups/omep",
        "https://www.facebook.com/groups",
        "https://www.facebook.com/sharer.php?u=https://evil.example",
        "https://www.facebook.com/login",
        "https://www.facebook.com/worldomep/posts/123456",
        "https://www.facebook.com/plugins/page.php?href=https://evil.example",
        "https://www.facebook.com/a&href=https://evil.example",
        "https://www.facebook.com/profile.php?id=1%262",
    ],
)
def test_whatever_else_stays_a_plain_link(url):
    assert embed(url) is None


@pytest.mark.parametrize(
    ("url", "who", "is_page"),
    [
        ("https://youtu.be/dQw4w9WgXcQ", "YouTube (Google)", False),
        ("https://vimeo.com/76979871", "Vimeo", False),
        ("https://www.facebook.com/watch/?v=1234567890", "Facebook (Meta)", False),
        ("https://www.facebook.com/worldomep", "Facebook (Meta)", True),
    ],
)
def test_a_frame_says_who_is_asked_for_it(url, who, is_page):
    assert (embed(url).who, embed(url).is_page) == (who, is_page)
