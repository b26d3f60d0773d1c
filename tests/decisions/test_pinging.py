"""Whether an entry calls a role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Entry, EntryKind, Ping
from bot.pinging import PAUSE, called, from_json, to_json

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
NEWS = Ping("55", "News", "is:breaking")
BREAKING = Entry("a", headline="Fire", flags=frozenset({"breaking"}))


def test_an_entry_that_fits_calls_the_role() -> None:
    assert called(NEWS, BREAKING, None, NOW) == "55"
    assert called(Ping("55", "News"), Entry("a", headline="Quiet"), None, NOW) == "55"


def test_an_entry_that_does_not_fit_calls_nobody() -> None:
    assert called(NEWS, Entry("a", headline="Quiet"), None, NOW) == ""


def test_without_a_role_and_without_an_entry_nobody_is_called() -> None:
    assert called(None, BREAKING, None, NOW) == ""
    assert called(NEWS, None, None, NOW) == ""


@pytest.mark.parametrize("kind", ["summary", "end", "note"])
def test_what_is_no_entry_calls_nobody(kind: EntryKind) -> None:
    assert called(Ping("55", "News"), Entry("a", kind=kind, headline="Fire"), None, NOW) == ""


@pytest.mark.parametrize(
    ("ago", "role"), [(timedelta(), ""), (PAUSE - timedelta(seconds=1), ""), (PAUSE, "55"), (timedelta(-1), "55")]
)
def test_a_channel_is_called_once_in_five_minutes(ago: timedelta, role: str) -> None:
    assert called(NEWS, BREAKING, NOW - ago, NOW) == role


@pytest.mark.parametrize("ping", [None, NEWS])
def test_the_database_gives_back_what_was_chosen(ping: Ping | None) -> None:
    assert from_json(to_json(ping)) == ping
