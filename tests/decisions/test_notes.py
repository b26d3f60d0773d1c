"""What the chats are told about a source itself."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.compose import compose
from bot.message import Message
from bot.model import Entry, SourceTitle, Style
from bot.notes import goes_on, outage

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SOURCE = SourceTitle("Harbour News", "Storm live", "https://harbour.example/live/storm")


def said(note: Entry, number: int = 0) -> Message:
    return compose(note, source=SOURCE, style=Style(), zone=ZoneInfo("Europe/London"), number=number)


def test_an_outage_names_the_page_and_since_when() -> None:
    message = said(outage(NOON, over=False), 3)
    assert message.headline == "This page cannot be read at present: Storm live"
    assert (message.time_text, message.link, message.presses) == ("13:00 BST, 1 Jul 2026", SOURCE.url, ())


def test_the_end_of_an_outage_is_the_same_note() -> None:
    assert outage(NOON, over=False).key == outage(NOON, over=True).key


def test_where_coverage_goes_on_is_a_link_a_press_and_a_command() -> None:
    to = "https://harbour.example/live/storm-2"
    message = said(goes_on(to, NOON), 3)
    assert (message.link, message.presses) == (to, (("Follow it there", "move 3 next"),))
    assert [line.text for line in message.footnotes] == ["/move 3 next follows it there."]


def test_where_no_command_can_be_given_none_is_named() -> None:
    message = said(goes_on("https://harbour.example/live/storm-2", NOON))
    assert (message.presses, message.footnotes) == ((), ())
