"""/why: why an entry did, or did not, arrive: the stages in order, told by what decided them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ..errors import CommandError
from ..filters import parse
from ..languages import N_, _, ngettext, retold
from ..richtext import RichText, join
from ..store import chats, tracing
from ..store.listing import Listed
from ..store.schema import FOREVER
from ..store.tracing import Trace
from ..urls import canonical_url
from .replies import headline_of, held, moment, named, scheduled, when
from .targets import NOTHING_FOLLOWED
from .turn import Turn

# A message's own address: on Telegram the id stands last (t.me/name/12, t.me/c/123/12), on Discord too.
_OURS = re.compile(r"https?://(?:t\.me/|(?:\w+\.)?discord(?:app)?\.com/channels/)\S*?/(\d+)(?:\?\S*)?", re.IGNORECASE)
_MOST_PAGES = 5


async def why(turn: Turn) -> RichText:
    """Tell what became of the entry that is linked or replied to; bare, of the newest of each page."""
    followed = await turn.followed()
    here = await chats.find(turn.connection, turn.command.address)
    if not followed or here is None:
        raise CommandError(_(NOTHING_FOLLOWED))
    entries = await _asked(turn, followed)
    traces = await tracing.trace(turn.connection, here.id, entries, turn.now)
    if not traces:
        raise CommandError(_("There is nothing to tell yet: no entry has come."))
    zone, pages = await turn.zone(), {each.id: each for each in followed}
    told = [_told(each, pages[each.subscription_id], turn, zone) for each in traces if each.subscription_id in pages]
    return join("\n\n", told)


async def _asked(turn: Turn, followed: Sequence[Listed]) -> Sequence[int]:
    """Return the entries that are meant. Raises CommandError where a link leads to none."""
    typed = turn.arguments.strip("<>")
    message = _OURS.fullmatch(typed)
    replied = message[1] if message else "" if typed else turn.command.replied_to
    if replied:
        # On Discord a thread is the channel that a message stands in.
        places = dict.fromkeys((turn.command.address.chat, turn.command.address.thread))
        for place in filter(None, places):
            if found := await tracing.by_message(turn.connection, place, replied):
                return found
        raise CommandError(_("That message tells no entry that I know. Send /why and the entry's link."))
    if not typed:
        pages = followed[:_MOST_PAGES]
        return [one for each in pages for one in await tracing.newest(turn.connection, each.source_id)]
    urls = list(dict.fromkeys((typed, typed.partition("?")[0], canonical_url(typed))))
    sources = [each.source_id for each in followed]
    if found := await tracing.by_link(turn.connection, sources, urls):
        return found
    raise CommandError(
        _(
            "No entry of the pages followed here has that link. It may not have been seen yet: /list says when each "
            "page was last read."
        )
    )


def _told(each: Trace, page: Listed, turn: Turn, zone: ZoneInfo) -> RichText:
    head = named([page]) + ": " + headline_of(page, each.entry).marked("bold")
    return join("\n", [head, *_stages(each, page, turn, zone)])


def _stages(each: Trace, page: Listed, turn: Turn, zone: ZoneInfo) -> Iterator[str]:
    """Yield the stages up to the one that stopped it."""
    yield _seen(each, turn, zone)
    if each.removed_at:
        yield _("✗ The page withdrew it, {time}").format(time=when(each.removed_at, turn.now, zone))
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
    yield from _delivery(each, page, turn, zone)


def _seen(each: Trace, turn: Turn, zone: ZoneInfo) -> str:
    published, seen = each.entry.published_at, when(each.seen_at, turn.now, zone)
    if published is None:
        return _("✓ Seen {seen}").format(seen=seen)
    return _("✓ Published {published}, seen {seen}").format(published=when(published, turn.now, zone), seen=seen)


def _delivery(each: Trace, page: Listed, turn: Turn, zone: ZoneInfo) -> Iterator[str]:
    """Yield what became of it once it was owed."""
    if each.sent_at:
        sent = _("✓ Told by a digest {time}") if each.gathered else _("✓ Sent {time}")
        yield sent.format(time=when(each.sent_at, turn.now, zone))
    elif each.gathered:
        yield _("… A digest tells it, and waits for its turn")
    if page.chat_state != "active":
        yield _("✗ Held: {why}. /resume tries again").format(why=held(page))
    if each.state in ("due", "claimed") and each.wanted:
        yield _waiting(each, page, turn, zone)
    elif each.shown > 1 and not each.gathered:
        yield _("✓ Edited: it shows what the page said at its {number}. change").format(number=each.shown - 1)
    if each.state in _ENDS and not (each.state == "ended" and each.sent_at):
        ended = _(_ENDS[each.state])
        yield _("{what}: {why}").format(what=ended, why=retold(each.note)) if each.note else ended


_ENDS = {
    "dead": N_("✗ Refused by the platform, or failed too often"),
    "unsure": N_("✗ It may or may not have arrived, and is not sent again"),
    "gone": N_("✗ People deleted the message, so it stays away"),
    "ended": N_("✗ Skipped by /resume skip or /unsubscribe"),
}


def _waiting(each: Trace, page: Listed, turn: Turn, zone: ZoneInfo) -> str:
    """Say what it waits for; the holds are those of the claim."""
    if each.shown:
        return _("… An edit of it waits for its turn")
    if each.paused and page.paused_until:
        if page.paused_until == FOREVER:
            return _("… Held by a pause until somebody sends /resume")
        return _("… Held by a pause until {time}").format(time=moment(page.paused_until, turn.now, zone))
    if each.held and each.quiet and page.quiet_until:
        return _("… Held by quiet hours until {time}").format(time=moment(page.quiet_until, turn.now, zone))
    if each.held:
        return _("… Held by the schedule, {schedule}").format(schedule=scheduled(page, turn.now, zone))
    waits = _("… Waiting for its turn")
    if each.ahead:
        ahead = ngettext(
            "… Waiting for its turn, {count} before it", "… Waiting for its turn, {count} before it", each.ahead
        )
        waits = ahead.format(count=each.ahead)
    return _("{what}; last answer: {why}").format(what=waits, why=retold(each.note)) if each.note else waits
