"""What the chats are told about a source itself. Pure.

A note is an entry of its own kind: every subscription gets it once, and an edit of it says what has become of it.
"""

from __future__ import annotations

from datetime import datetime

from .languages import _, retold, stored
from .model import Entry
from .richtext import RichText

GOES_ON = "goes-on:"


def outage(since: datetime, *, over: bool) -> Entry:
    """Return what is said of an outage that began then: while it lasts, and when it is over."""
    if over:
        headline = stored("This page can be read again")
        body = stored("What comes from now on is sent here as before.")
    else:
        headline = stored("This page cannot be read at present")
        body = stored("It is tried again and again, and what comes then is sent here. /list says what is wrong.")
    return Entry(f"failing:{since:%Y%m%dT%H%M%S}", "note", headline, RichText(body), published_at=since)


def goes_on(url: str, now: datetime) -> Entry:
    """Return what is said where a page is closed and names the one that continues it."""
    headline, body = stored("Coverage goes on at another page"), _goes_on_at(url)
    return Entry(f"{GOES_ON}{url}", "note", headline, body, published_at=now, url=url)


def told(note: Entry) -> tuple[str, RichText]:
    """Return a note's headline and body in the language being spoken; they are stored in English."""
    headline = retold(note.headline or "")
    return headline, _goes_on_at(note.url) if note.key.startswith(GOES_ON) else RichText(retold(note.body.text))


def _goes_on_at(url: str) -> RichText:
    return RichText.filled(_("The page is closed and goes on at {page}."), page=RichText(url).marked("link", url))
