"""/filter: which entries arrive, and which of the last ones would have."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import CommandError
from ..filters import parse
from ..languages import _, ngettext
from ..model import Entry
from ..ports import Answer
from ..richtext import RichText, join
from ..store import listing, subscriptions
from ..store.listing import Listed
from .pressing import buttons, typing
from .replies import entries, headline_of, listed, named, when
from .targets import NOTHING_FOLLOWED, one_or_ask, split_target
from .turn import Turn

OFF = ("off", "none")
TEST = "test"
# So many entries of a page are tried, and of so many pages.
TRIED, _MOST_PAGES = 20, 3


async def set_filter(turn: Turn) -> RichText | Answer:
    """Choose which entries arrive, or say which do, or (test) which of the last ones would have."""
    followed = await turn.followed()
    tested, typed = _split_test(turn.arguments)
    chosen, words = split_target(followed, typed)
    if not tested:
        tested, words = _split_test(words)
    if tested:
        return await _test(turn, chosen or one_or_ask(followed, "filter test", words), words)
    if not chosen and not words:
        return _filters(followed)
    if words:
        turn.for_admins()
    chosen = chosen or one_or_ask(followed, "filter", words)
    return await _set(turn, chosen, words) if words else _filters(chosen)


def checked_filter(turn: Turn, text: str) -> None:
    """Raise CommandError unless this can be a filter."""
    if len(text) > turn.limits.filter_length:
        too_long = _("A filter may have {most} characters; this one has {count}.")
        raise CommandError(too_long.format(most=turn.limits.filter_length, count=len(text)))
    parse(text)


def _split_test(typed: str) -> tuple[bool, str]:
    first, _, rest = typed.partition(" ")
    return (True, rest.strip()) if first.lower() == TEST else (False, typed)


async def _set(turn: Turn, chosen: Sequence[Listed], words: str) -> Answer:
    text = "" if words.lower() in OFF else words
    checked_filter(turn, text)
    for each in chosen:
        await subscriptions.set_filter(turn.connection, each.id, text)
    if not text:
        return Answer(RichText.filled(_("From now on all entries arrive from {pages}."), pages=named(chosen)))
    told = _("From now on only entries that fit arrive from {pages}.")
    lines: list[RichText | str] = [RichText.filled(told, pages=named(chosen))]
    lines.append(_("Filter: {filter}").format(filter=text))
    target = "all" if len(chosen) > 1 else str(chosen[0].number)
    if len(chosen) == 1:
        lines.append(_count(text, await _newest(turn, chosen[0])))
    if " or " in f" {text} ":
        lines.append(_("“or” is looked for as a word; in capitals, OR means either."))
    offered = (_("Show which"), f"filter {target} test"), (_("Off"), f"filter {target} off")
    return Answer(join("\n", lines), buttons(*offered))


def _filters(followed: Sequence[Listed]) -> Answer:
    if not followed:
        raise CommandError(_(NOTHING_FOLLOWED))
    hint = _("Set one with {set}, try one with {test}, take it away with {off}.").format(
        set=_("/filter words"), test=_("/filter test words"), off="/filter off"
    )
    lines = (listed(each, each.filter or _("everything")) for each in followed)
    said = join("\n", [*lines, hint])
    if len(followed) > 1:
        return Answer(said)
    now, line = followed[0].filter, f"filter {followed[0].number}"
    if not now:
        return Answer(said, typing(_("Write one…"), line))
    return Answer(
        said, (*buttons((_("Test"), f"{line} test"), (_("Off"), f"{line} off")), *typing(_("Change…"), line, now))
    )


async def _test(turn: Turn, chosen: Sequence[Listed], words: str) -> Answer:
    """Judge the last entries of each page, by these words or by what is set, with the judge that decides."""
    checked_filter(turn, words)
    pages = [await _tested(turn, each, words or each.filter) for each in chosen[:_MOST_PAGES]]
    if len(chosen) > _MOST_PAGES:
        pages.append(RichText(_("The first {count} pages are shown.").format(count=_MOST_PAGES)))
    target = "all" if len(chosen) > 1 else str(chosen[0].number)
    return Answer(join("\n\n", pages), buttons((_("Use this filter"), f"filter {target} {words}")) if words else ())


async def _tested(turn: Turn, page: Listed, text: str) -> RichText:
    newest, zone = await _newest(turn, page), await turn.zone()
    head = RichText.filled(_("{what}: {why}"), what=named([page]).marked("bold"), why=text or _("no filter"))
    lines: list[RichText | str] = [head, _count(text, newest)]
    for entry in newest:
        verdict = parse(text).judge(entry)
        time = f"{when(entry.published_at, turn.now, zone)}  " if entry.published_at else ""
        line = RichText(f"{'✓' if verdict.passes else '✗'} {time}") + headline_of(page, entry)
        lines.append(RichText.filled(_("{what}: {why}"), what=line, why=verdict.because))
    return join("\n", lines)


def _count(text: str, newest: Sequence[Entry]) -> str:
    if not newest:
        return _("There are no entries yet to try it on.")
    passed = sum(parse(text).judge(entry).passes for entry in newest)
    if not passed:
        return _("Of the last {entries} none would have passed.").format(entries=entries(len(newest)))
    some = ngettext(
        "Of the last {entries} {count} would have passed.", "Of the last {entries} {count} would have passed.", passed
    )
    return some.format(entries=entries(len(newest)), count=passed)


async def _newest(turn: Turn, page: Listed) -> list[Entry]:
    return [entry for _source, entry in await listing.latest(turn.connection, [page.source_id], TRIED)]
