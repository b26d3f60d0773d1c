"""The stages of an entry in a chat, in order, up to the one that stopped it: what /why and `liverelay explain` say.

Each is told by what decided it: the filter is asked again, and what holds is what the claim asks (`store.holding`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ..filters import parse
from ..languages import N_, _, ngettext, retold
from ..richtext import RichText, join
from ..store.listing import Listed
from ..store.schema import FOREVER
from ..store.tracing import Folded, Trace
from ..wording import publisher
from .replies import headline_of, held, linked_headline, moment, named, scheduled, when


def told(each: Trace, page: Listed, now: datetime, zone: ZoneInfo) -> RichText:
    """Return what became of an entry in a chat, in the language being spoken: its headline, and a line a stage."""
    head = named([page]) + ": " + headline_of(page, each.entry).marked("bold")
    return join("\n", [head, *_stages(each, page, now, zone)])


def _stages(each: Trace, page: Listed, now: datetime, zone: ZoneInfo) -> Iterator[RichText | str]:
    """Yield the stages up to the one that stopped it."""
    yield _seen(each, now, zone)
    if each.removed_at:
        yield _("✗ The page withdrew it, {time}").format(time=when(each.removed_at, now, zone))
    verdict = parse(page.filter).judge(each.entry)
    if page.filter:
        fits = _("✓ It fits the filter: {why}") if verdict.passes else _("✗ It does not fit the filter: {why}")
        yield fits.format(why=verdict.because)
    if each.state is None:
        if not each.news:
            yield _("✗ It was on the page before this chat followed it")
        elif verdict.passes:
            yield _("✗ It did not fit the filter of the time when it came")
        return
    yield from _delivery(each, page, now, zone)


def _seen(each: Trace, now: datetime, zone: ZoneInfo) -> str:
    published, seen = each.entry.published_at, when(each.seen_at, now, zone)
    if published is None:
        return _("✓ Seen {seen}").format(seen=seen)
    return _("✓ Published {published}, seen {seen}").format(published=when(published, now, zone), seen=seen)


def _delivery(each: Trace, page: Listed, now: datetime, zone: ZoneInfo) -> Iterator[RichText | str]:
    """Yield what became of it once it was owed."""
    if each.decided_at:
        yield _decided(each, each.decided_at, now, zone)
    if each.folded:
        yield _folded(each, each.folded)
    elif each.sent_at:
        sent = _("✓ Told by a digest {time}") if each.gathered else _("✓ Sent {time}")
        yield sent.format(time=when(each.sent_at, now, zone))
    elif each.gathered:
        yield _("… A digest tells it, and waits for its turn")
    if page.chat_state != "active":
        yield _("✗ Held: {why}. /resume tries again").format(why=held(page))
    if each.state in ("due", "claimed") and each.wanted:
        yield _waiting(each, page, now, zone)
    elif each.shown > 1 and not each.gathered and not each.folded:
        yield _("✓ Edited: it shows what the page said at its {number}. change").format(number=each.shown - 1)
    skipped = each.state == "ended" and (each.sent_at or each.decision == "skipped")
    if each.state in _ENDS and not skipped:
        ended = _(_ENDS[each.state])
        yield _("{what}: {why}").format(what=ended, why=retold(each.note)) if each.note else ended


def _decided(each: Trace, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    if each.decision == "published":
        return _("✓ Published by {name} {time}").format(name=each.decided_by, time=when(at, now, zone))
    if each.decided_by:
        return _("✗ Skipped by {name} {time}").format(name=each.decided_by, time=when(at, now, zone))
    return _("✗ Skipped {time}, because nobody had decided on it").format(time=when(at, now, zone))


def _folded(each: Trace, into: Folded) -> RichText:
    """Say under which message it is told, and link to that one's entry."""
    told = _("✓ Folded into {message} of {publisher}, which tells the same event: its headline stands there")
    if not each.shown:
        told = _("… Folded into {message} of {publisher}, which tells the same event: an edit names it there")
    message = linked_headline(into.entry, into.source)
    return RichText.filled(told, message=message, publisher=publisher(into.source))


_ENDS = {
    "dead": N_("✗ Refused by the platform, or failed too often"),
    "unsure": N_("✗ It may or may not have arrived, and is not sent again"),
    "gone": N_("✗ People deleted the message, so it stays away"),
    "ended": N_("✗ Skipped by /resume skip or /unsubscribe"),
}


def _waiting(each: Trace, page: Listed, now: datetime, zone: ZoneInfo) -> str:
    """Say what it waits for."""
    if each.shown:
        return _("… An edit of it waits for its turn")
    if each.decision == "waiting":
        desk = page.desk or _("the chat that reviews it")
        return _("… Waiting until somebody decides on it in {chat}").format(chat=desk)
    if holds := _holds(each, page, now, zone):
        return holds
    waits = _("… Waiting for its turn")
    if each.ahead:
        ahead = ngettext(
            "… Waiting for its turn, {count} before it", "… Waiting for its turn, {count} before it", each.ahead
        )
        waits = ahead.format(count=each.ahead)
    return _("{what}; last answer: {why}").format(what=waits, why=retold(each.note)) if each.note else waits


def _holds(each: Trace, page: Listed, now: datetime, zone: ZoneInfo) -> str:
    """Say what holds a first send, "" where nothing does; the holds are those of the claim."""
    if each.halted:
        return _("… Held by whoever runs this bot, who has paused everything")
    if each.paused and page.paused_until:
        if page.paused_until == FOREVER:
            return _("… Held by a pause until somebody sends /resume")
        return _("… Held by a pause until {time}").format(time=moment(page.paused_until, now, zone))
    if each.held and each.quiet and page.quiet_until:
        return _("… Held by quiet hours until {time}").format(time=moment(page.quiet_until, now, zone))
    if each.held:
        return _("… Held by the schedule, {schedule}").format(schedule=scheduled(page, now, zone))
    return ""
