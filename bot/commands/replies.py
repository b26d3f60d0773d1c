"""How answers are worded: short, in plain words, for somebody tired who reads them on a phone. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ..errors import Mistake
from ..languages import N_, _, ngettext, retold
from ..model import Entry, SourceTitle
from ..ports import CommandSpec, Option
from ..richtext import RichText, join
from ..store.listing import MOST_COUNTED, Listed
from ..store.schema import FOREVER
from ..wording import clock_text, day_text, opening, stand_in, zone_text

# So much of what was typed is shown around a mistake: what fits on a phone's line.
_BEFORE_CARET, _AFTER_CARET = 20, 12
_STATUS = {"live": N_("live"), "ended": N_("ended"), "unknown": N_("live or not: the page does not say")}


def titled(listed: Listed) -> RichText:
    """Return a page's title as a link to it."""
    return RichText(listed.title or listed.url).marked("link", listed.url)


def listed(each: Listed, told: str) -> RichText:
    """Return a line of a list: "2. Storm: live"."""
    return RichText.filled(_("{what}: {why}"), what=RichText(f"{each.number}. ") + titled(each), why=told)


def named(listed: Iterable[Listed]) -> RichText:
    """Return the titles of some pages in one line."""
    return join(", ", (titled(each) for each in listed))


def when(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people there say it: "14:02", and the day where it is another than today."""
    same_day = at.astimezone(zone).date() == now.astimezone(zone).date()
    time = clock_text(at, zone)
    return time if same_day else _("{time}, {day}").format(time=time, day=day_text(at, zone))


def entries(count: int) -> str:
    """Return "1 entry", "12 entries"."""
    if count >= MOST_COUNTED:
        most = MOST_COUNTED - 1
        return ngettext("more than {count} entry", "more than {count} entries", most).format(count=most)
    return ngettext("{count} entry", "{count} entries", count).format(count=count)


def left_out(count: int) -> str:
    """Return what stands under a list that names not all pages."""
    return ngettext("… and {count} more (/list)", "… and {count} more (/list)", count).format(count=count)


def paused(ends: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return until when a pause lasts."""
    if ends == FOREVER:
        return _("Paused until somebody sends /resume")
    return _("Paused until {time}").format(time=moment(ends, now, zone))


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment with its zone: "14:02 CEST", and the day where it is another than today."""
    return _("{time} {zone}").format(time=when(at, now, zone), zone=zone_text(at, zone))


def scheduled(each: Listed, now: datetime, zone: ZoneInfo) -> str:
    """Return a schedule, and when the next digest comes."""
    if not each.next_digest_at:
        return each.schedule
    next_at = when(each.next_digest_at, now, zone)
    return _("{schedule}; next digest {time}").format(schedule=each.schedule, time=next_at)


def listing(followed: Sequence[Listed], now: datetime, zone: ZoneInfo) -> RichText:
    """Return what `/list` says."""
    short = zone_text(now, zone)
    named_zone = short if short == zone.key else f"{short} ({zone.key})"
    footer = _("Times are {zone}; /timezone changes that.").format(zone=named_zone)
    return join("\n\n", [*(_listed(each, now, zone) for each in followed), footer])


def _listed(each: Listed, now: datetime, zone: ZoneInfo) -> RichText:
    head = RichText(f"{each.number}. ") + titled(each).marked("bold")
    lines: list[RichText | str] = [head, ", ".join(_doing(each, now, zone))]
    if each.filter:
        lines.append(_("Filter: {filter}").format(filter=each.filter))
    if each.review_only:
        lines.append(_("Only to decide what other chats get: /review"))
    if each.desk:
        lines.append(_("Is decided on in {chat}: /review").format(chat=each.desk))
    if each.schedule:
        lines.append(_("Comes {schedule}").format(schedule=scheduled(each, now, zone)))
    lines += _troubles(each, now, zone)
    if each.owed:
        waiting = ngettext("{entries} waiting to be sent", "{entries} waiting to be sent", each.owed)
        lines.append(waiting.format(entries=entries(each.owed)))
    return join("\n", lines)


def _doing(each: Listed, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    yield _(_STATUS[each.status])
    yield _("read {time}").format(time=when(each.last_ok_at, now, zone)) if each.last_ok_at else _("not read yet")
    if each.last_entry_at:
        yield _("last entry {time}").format(time=when(each.last_entry_at, now, zone))


def _troubles(each: Listed, now: datetime, zone: ZoneInfo) -> list[str]:
    """Why nothing arrives, where nothing does."""
    found = []
    if each.chat_state != "active":
        found.append(_("Held: {why}. /resume tries again.").format(why=held(each)))
    if ends := each.pause_ends(now):
        said = paused(ends, now, zone)
        found.append(_("{what}: {why}").format(what=said, why=retold(each.why)) if each.why else said)
    if each.quiet_from and each.quiet_until and each.quiet_from <= now < each.quiet_until:
        found.append(_("Quiet until {time}").format(time=moment(each.quiet_until, now, zone)))
    if each.last_error:
        found.append(_("Could not be read last time: {why}").format(why=retold(each.last_error)))
    if each.removals_held:
        found.append(_("Withdrawals are held back: {why}").format(why=retold(each.removals_held)))
    if each.taken_down:
        found.append(_("Taken down by whoever runs this bot."))
    elif not each.watched and each.last_error:
        found.append(_("No longer looked at: the page is gone."))
    elif not each.watched:
        found.append(_("No longer looked at: its coverage ended long ago; /subscribe to it to look again."))
    elif each.successor:
        move = f"/move {each.number} next"
        found.append(_("Coverage goes on at another page: {command} follows it there.").format(command=move))
    return found


def held(each: Listed) -> str:
    """Return why a chat gets nothing."""
    return retold(each.chat_why) or _("the bot cannot write here")


def latest(newest: Iterable[tuple[Listed, Entry]], now: datetime, zone: ZoneInfo, *, several: bool) -> RichText:
    """Return what `/latest` says: one line for each entry, newest first; `several`: from more pages than one."""
    return join("\n", (_line(listed, entry, now, zone, several=several) for listed, entry in newest))


def _line(listed: Listed, entry: Entry, now: datetime, zone: ZoneInfo, *, several: bool) -> RichText:
    time = f"{when(entry.published_at, now, zone)}  " if entry.published_at else ""
    page = f" ({listed.title})" if several and listed.title else ""
    return RichText(f"• {time}") + headline_of(listed, entry) + page


def headline_of(listed: Listed, entry: Entry) -> RichText:
    """Return an entry's headline as a link to it; its first words where it has none."""
    return linked_headline(entry, SourceTitle(listed.publisher, listed.title, listed.url))


def linked_headline(entry: Entry, source: SourceTitle) -> RichText:
    """Return the headline of an entry of a source as a link to it; its first words where it has none."""
    headline, rest = opening(entry)
    return RichText(headline or stand_in(rest, source)).marked("link", entry.url or source.url)


_WRONG_HERE = {
    "filter": N_("That filter goes wrong here:"),
    "style": N_("That style goes wrong here:"),
    "template": N_("That template goes wrong here:"),
}


def mistake(error: Mistake) -> RichText:
    """Return what was typed with a caret under the place where it goes wrong, why, and what to write instead."""
    begins = max(0, error.place - _BEFORE_CARET)
    shown = error.typed[begins : error.place + _AFTER_CARET].replace("\n", " ")
    # Platforms trim spaces at the beginning of a line: the caret is led to by dots.
    lead = "·" * sum(_columns(character) for character in error.typed[begins : error.place])
    problem = error.problem[:1].upper() + error.problem[1:]
    lines: list[RichText | str] = [
        _(_WRONG_HERE[error.what]),
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
    points = told.body if told and told.body else RichText(_("This page has no summary."))
    return join("\n", (titled(listed).marked("bold"), points))


def help_text(specs: Iterable[CommandSpec]) -> RichText:
    """Return what `/help` says, on one screen of a phone: a short line for each command."""
    lines = (f"/{spec.name}  {_(spec.description)}" for spec in specs)
    more = _("Send /help and a command’s name to see how it is used: {example}").format(example="/help filter")
    return join("\n\n", ("\n".join(lines), more))


def usage(spec: CommandSpec) -> RichText:
    """Return what `/help` says of one command."""
    options = (RichText(option.name).marked("code") + f": {_(option.description)}" for option in _typed(spec))
    head = RichText(f"/{spec.name}{_usage(spec)}").marked("code")
    return join("\n\n", (head + f"\n{_(spec.description)}.", join("\n", options)))


def _usage(spec: CommandSpec) -> str:
    shown = (f" {option.name.upper()}" if option.required else f" [{option.name}]" for option in _typed(spec))
    return "".join(shown)


def _typed(spec: CommandSpec) -> Iterable[Option]:
    """Return the options that are typed: a channel is picked, where the platform has a menu for that."""
    return (option for option in spec.options if option.kind != "channel")
