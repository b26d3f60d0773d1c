"""/pause and /resume: when new entries arrive."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import CommandError
from ..languages import _, ngettext
from ..planner import DIGEST_ABOVE, DIGEST_KEEPS
from ..ports import Answer
from ..richtext import RichText, join
from ..store import chats, pausing
from ..store.listing import Listed
from ..store.pausing import How
from ..store.schema import FOREVER
from .everywhere import EVERYWHERE
from .pressing import after_pause, back, buttons
from .replies import entries, named, paused
from .targets import NOTHING_FOLLOWED, split_target
from .times import paused_until
from .turn import Turn

# So many pages are named in an answer; more of them are counted.
_MOST_NAMED = 5


async def pause(turn: Turn) -> Answer:
    """Stop first sends: bare, of the whole chat at once."""
    followed, typed = await _scope(turn)
    named_ones, time = split_target(followed, typed)
    chosen = named_ones or followed
    if not chosen:
        raise CommandError(_(NOTHING_FOLLOWED))
    zone = await turn.zone()
    ends = paused_until(time, turn.now, zone) if time else FOREVER
    await pausing.pause(turn.connection, [each.id for each in chosen], ends)
    said = RichText.filled(_("{paused}: {pages}."), paused=paused(ends, turn.now, zone), pages=_named(chosen))
    told = join("\n", [said, _("What stands here is still corrected and withdrawn.")])
    return Answer(told, after_pause(_which(turn, named_ones)))


async def resume(turn: Turn) -> Answer:
    """Send again: bare, all that is paused; a chat that was held is tried again."""
    followed, typed = await _scope(turn)
    chosen, word = split_target(followed, typed)
    how = _how(word)
    resumed = [each for each in chosen or followed if each.paused_until]
    await pausing.resume(turn.connection, [each.id for each in resumed], turn.now, how)
    server = turn.command.server if turn.arguments.lower().startswith(EVERYWHERE) else ""
    held = await chats.release(turn.connection, turn.command.address, turn.now, server=server)
    if not resumed:
        return Answer(
            RichText(_("Trying again to post here.") if held else _("Nothing is paused here.")), buttons(back())
        )
    told = join("\n", [RichText.filled(_("Resumed: {pages}."), pages=_named(resumed)), _missed(resumed, how)])
    return Answer(told, buttons(back()))


def _how(word: str) -> How:
    match word.lower():
        case "" | "digest" | "skip" as how:
            return how
    raise CommandError(
        _("“{typed}” is not understood. Say {plain}, {digest} or {skip}.").format(
            typed=word, plain="/resume", digest="/resume digest", skip="/resume skip"
        )
    )


def _which(turn: Turn, named_ones: Sequence[Listed]) -> str:
    """Return what the way back from a pause is about, as it is typed."""
    if turn.arguments.lower().startswith(EVERYWHERE):
        return EVERYWHERE
    return str(named_ones[0].number) if len(named_ones) == 1 else ""


def _missed(resumed: Sequence[Listed], how: How) -> str:
    owed = sum(each.owed for each in resumed)
    if not owed:
        return _("Nothing was missed.")
    if how == "skip":
        return _("What was missed is skipped; the next entries arrive as they come.")
    if how == "digest" and any(each.owed > 1 for each in resumed):
        return _("{entries} were missed: they come as a digest now.").format(entries=entries(owed))
    if any(each.owed > DIGEST_ABOVE for each in resumed):
        missed = _("{entries} were missed: a digest comes now, and the newest {count} in full.")
        return missed.format(entries=entries(owed), count=DIGEST_KEEPS)
    waited = ngettext("{entries} that waited comes now.", "{entries} that waited come now.", owed)
    return waited.format(entries=entries(owed))


async def _scope(turn: Turn) -> tuple[list[Listed], str]:
    """Return what the command can be about, and what was typed after that."""
    first, _, rest = turn.arguments.partition(" ")
    if first.lower() == EVERYWHERE:
        return await turn.followed_everywhere(), rest.strip()
    return await turn.followed(), turn.arguments


def _named(chosen: Sequence[Listed]) -> RichText:
    """Name each page once, in however many channels it is followed."""
    pages = list({each.url: each for each in chosen}.values())
    if len(pages) > _MOST_NAMED:
        return RichText(ngettext("all {count} pages", "all {count} pages", len(pages)).format(count=len(pages)))
    return named(pages)
