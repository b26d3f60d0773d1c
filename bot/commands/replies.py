"""How answers are worded: short, in plain words, for somebody tired who reads them on a phone. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ..errors import Mistake
from ..model import Entry, SourceTitle
from ..ports import CommandSpec, Option
from ..richtext import RichText, join
from ..store.listing import MOST_COUNTED, Listed
from ..store.schema import FOREVER
from ..wording import clock_text, day_text, opening, stand_in, zone_text

# So much of what was typed is shown around a mistake: what fits on a phone's line.
_BEFORE_CARET, _AFTER_CARET = 20, 12
_STATUS = {"live": "live", "ended": "ended", "unknown": "live or not: the page does not say"}


def titled(listed: Listed) -> RichText:
    """Return a page's title as a link to it."""
    return RichText(listed.title or listed.url).marked("link", listed.url)


def named(listed: Iterable[Listed]) -> RichText:
    """Return the titles of some pages in one line."""
    return join(", ", (titled(each) for each in listed))


def when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people there say it: "14:02", and the day where it is another than today."""
    same_day = at.astimezone(zone).date() == now.astimezone(zone).date()
    return clock_text(at, zone) if same_day else f"{clock_text(at, zone)}, {day_text(at, zone)}"


def entries(count: int) -> str:
    """Return "1 entry", "12 entries"."""
    told = f"more than {MOST_COUNTED - 1}" if count >= MOST_COUNTED else str(count)
    return f"{told} {'entry' if count == 1 else 'entries'}"


def listing(followed: Sequence[Listed], now: datetime, zone: ZoneInfo) -> RichText:
    """Return what `/list` says."""
    footer = f"Times are {zone_text(now, zone)} ({zone.key}); /timezone changes that."
    return join("\n\n", [*(_listed(each, now, zone) for each in followed), footer])


def _listed(each: Listed, now: datetime, zone: ZoneInfo) -> RichText:
    head = RichText(f"{each.number}. ") + titled(each).marked("bold")
    read = f"read {when(each.last_ok_at, now, zone)}" if each.last_ok_at else "not read yet"
    newest = f", last entry {when(each.last_entry_at, now, zone)}" if each.last_entry_at else ""
    lines: list[RichText | str] = [head, f"{_STATUS[each.status]}, {read}{newest}"]
    if each.filter:
        lines.append(f"Filter: {each.filter}")
    if each.schedule:
        following = f"; next digest {when(each.next_digest_at, now, zone)}" if each.next_digest_at else ""
        lines.append(f"Comes {each.schedule}{following}")
    lines += _troubles(each, now, zone)
    if each.owed:
        lines.append(f"{entries(each.owed)} waiting to be sent")
    return join("\n", lines)


def _troubles(each: Listed, now: datetime, zone: ZoneInfo) -> list[str]:
    """Why nothing arrives, where nothing does."""
    found = []
    if each.chat_state != "active":
        found.append(f"Held: {each.chat_why or 'the bot cannot write here'}. /resume tries again.")
    if ends := each.pause_ends(now):
        why = f": {each.why}" if each.why else ""
        found.append(f"Paused until {until(ends, now, zone)}{why}")
    if each.quiet_from and each.quiet_until and each.quiet_from <= now < each.quiet_until:
        found.append(f"Quiet until {until(each.quiet_until, now, zone)}")
    if each.last_error:
        found.append(f"Could not be read last time: {each.last_error}")
    if each.removals_held:
        found.append(f"Withdrawals are held back: {each.removals_held}")
    if each.taken_down:
        found.append("Taken down by whoever runs this bot.")
    elif not each.watched:
        why = "the page is gone" if each.last_error else "its coverage ended long ago; /subscribe to it to look again"
        found.append(f"No longer looked at: {why}.")
    elif each.successor:
        found.append(f"Coverage goes on at another page: /move {each.number} next follows it there.")
    return found


def until(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return when a pause ends."""
    return "somebody sends /resume" if at == FOREVER else f"{when(at, now, zone)} {zone_text(at, zone)}"


def latest(newest: Iterable[tuple[Listed, Entry]], now: datetime, zone: ZoneInfo, *, several: bool) -> RichText:
    """Return what `/latest` says: one line for each entry, newest first; `several`: from more pages than one."""
    return join("\n", (_line(listed, entry, now, zone, several=several) for listed, entry in newest))


def _line(listed: Listed, entry: Entry, now: datetime, zone: ZoneInfo, *, several: bool) -> RichText:
    time = f"{when(entry.published_at, now, zone)}  " if entry.published_at else ""
    page = f" ({listed.title})" if several and listed.title else ""
    return RichText(f"• {time}") + headline_of(listed, entry) + page


def headline_of(listed: Listed, entry: Entry) -> RichText:
    """Return an entry's headline as a link to it; its first words where it has none."""
    headline, rest = opening(entry)
    headline = headline or stand_in(rest, SourceTitle(listed.publisher, listed.title, listed.url))
    return RichText(headline).marked("link", entry.url or listed.url)


def mistake(error: Mistake) -> RichText:
    """Return what was typed with a caret under the place where it goes wrong, why, and what to write instead."""
    begins = max(0, error.place - _BEFORE_CARET)
    shown = error.typed[begins : error.place + _AFTER_CARET].replace("\n", " ")
    # Platforms trim spaces at the beginning of a line: the caret is led to by dots.
    lead = "·" * sum(_columns(character) for character in error.typed[begins : error.place])
    problem = error.problem[:1].upper() + error.problem[1:]
    lines: list[RichText | str] = [
        f"That {error.what} goes wrong here:",
        RichText(shown).marked("code"),
        RichText(f"{lead}^").marked("code"),
    ]
    return join("\n", [*lines, f"{problem}." + (f" {error.hint}" if error.hint else "")])


def _columns(character: str) -> int:
    """Return how wide a character is where all are equally wide."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def summary(listed: Listed, told: Entry | None) -> RichText:
    """Return what `/summary` says of one page."""
    points = told.body if told and told.body else RichText("This page has no summary.")
    return join("\n", (titled(listed).marked("bold"), points))


def help_text(specs: Iterable[CommandSpec]) -> RichText:
    """Return what `/help` says, on one screen of a phone: a short line for each command."""
    lines = (f"/{spec.name}  {spec.description}" for spec in specs)
    return join("\n\n", ("\n".join(lines), "Send /help and a command’s name to see how it is used: /help filter"))


def usage(spec: CommandSpec) -> RichText:
    """Return what `/help` says of one command."""
    options = (RichText(option.name).marked("code") + f": {option.description}" for option in _typed(spec))
    head = RichText(f"/{spec.name}{_usage(spec)}").marked("code")
    return join("\n\n", (head + f"\n{spec.description}.", join("\n", options)))


def _usage(spec: CommandSpec) -> str:
    shown = (f" {option.name.upper()}" if option.required else f" [{option.name}]" for option in _typed(spec))
    return "".join(shown)


def _typed(spec: CommandSpec) -> Iterable[Option]:
    """Return the options that are typed: a channel is picked, where the platform has a menu for that."""
    return (option for option in spec.options if option.kind != "channel")
