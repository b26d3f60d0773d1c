"""/pause and /resume: when new entries arrive."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import CommandError
from ..planner import DIGEST_ABOVE, DIGEST_KEEPS
from ..ports import Answer
from ..richtext import RichText, join
from ..store import chats, pausing
from ..store.listing import Listed
from ..store.schema import FOREVER
from .everywhere import EVERYWHERE
from .pressing import BACK, after_pause, buttons
from .replies import entries, named, until
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
        raise CommandError(NOTHING_FOLLOWED)
    zone = await turn.zone()
    ends = paused_until(time, turn.now, zone) if time else FOREVER
    await pausing.pause(turn.connection, [each.id for each in chosen], ends)
    said = RichText("Paused until ") + until(ends, turn.now, zone) + ": " + _named(chosen) + "."
    told = join("\n", [said, "What stands here is still corrected and withdrawn."])
    return Answer(told, after_pause(_which(turn, named_ones)))


async def resume(turn: Turn) -> Answer:
    """Send again: bare, all that is paused; a chat that was held is tried again."""
    followed, typed = await _scope(turn)
    chosen, how = split_target(followed, typed)
    if how.lower() not in ("", "digest", "skip"):
        raise CommandError(f"“{how}” is not understood. Say /resume, /resume digest or /resume skip.")
    paused = [each for each in chosen or followed if each.paused_until]
    skip = how.lower() == "skip"
    await pausing.resume(turn.connection, [each.id for each in paused], turn.now, skip=skip)
    server = turn.command.server if turn.arguments.lower().startswith(EVERYWHERE) else ""
    held = await chats.release(turn.connection, turn.command.address, turn.now, server=server)
    if not paused:
        return Answer(RichText("Trying again to post here." if held else "Nothing is paused here."), buttons(BACK))
    told = join("\n", [RichText("Resumed: ") + _named(paused) + ".", _missed(paused, skip=skip)])
    return Answer(told, buttons(BACK))


def _which(turn: Turn, named_ones: Sequence[Listed]) -> str:
    """Return what the way back from a pause is about, as it is typed."""
    if turn.arguments.lower().startswith(EVERYWHERE):
        return EVERYWHERE
    return str(named_ones[0].number) if len(named_ones) == 1 else ""


def _missed(resumed: Sequence[Listed], *, skip: bool) -> str:
    owed = sum(each.owed for each in resumed)
    if not owed:
        return "Nothing was missed."
    if skip:
        return "What was missed is skipped; the next entries arrive as they come."
    if any(each.owed > DIGEST_ABOVE for each in resumed):
        return f"{entries(owed)} were missed: a digest comes now, and the newest {DIGEST_KEEPS} in full."
    return f"{entries(owed)} that waited {'comes' if owed == 1 else 'come'} now."


async def _scope(turn: Turn) -> tuple[list[Listed], str]:
    """Return what the command can be about, and what was typed after that."""
    first, _, rest = turn.arguments.partition(" ")
    if first.lower() == EVERYWHERE:
        return await turn.followed_everywhere(), rest.strip()
    return await turn.followed(), turn.arguments


def _named(chosen: Sequence[Listed]) -> RichText:
    if len(chosen) > _MOST_NAMED:
        return RichText(f"all {len(chosen)} pages")
    return named(chosen)
