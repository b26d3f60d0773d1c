"""How the line that a person types becomes a slash command's options, held to what Discord's clients let through."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import views
from .guilds import Account, Channel, Guild
from .world import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER = 3, 4, 5, 6, 7, 8, 10
NAMED_ONLY = (CHANNEL, ROLE)
"""Options that take no word by its place: they must be named (`channel:#news`)."""
_MOST_TEXT, _MOST_NUMBER = 6000, 2**53
_CONVERTERS: dict[int, Callable[[str], Any]] = {
    INTEGER: int,
    BOOLEAN: {"true": True, "false": False}.__getitem__,
    NUMBER: float,
}
_MENTION = re.compile(r"(?:<(?:#|@&?!?))?(\d+)>?")


@dataclass
class Spelt:
    """A command's options as the bot gets them, and what the ids among them stand for."""

    options: list[dict[str, Any]] = field(default_factory=list)
    resolved: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speller:
    """Reads what one person types in one server."""

    world: World
    guild: Guild
    person: Account

    def spell(self, command: dict[str, Any], line: str) -> Spelt:
        """Return what a line fills in: words by their place, then `name:value` pairs. Raises ValueError.

        Words go to the options in their declared order, the last one takes the rest of the line; a channel and a role
        are always named. A value ends where the next option's name begins.
        """
        declared = {option["name"]: option for option in command.get("options") or []}
        given = self._given(command, line)
        for name, word in given.items():
            if not word:
                raise ValueError(f"{name} is named and empty")
        spelt = Spelt()
        for name, option in declared.items():
            if name in given:
                value = self._value(option, given[name], spelt)
                spelt.options.append({"name": name, "type": option["type"], "value": value})
            elif option.get("required"):
                raise ValueError(f"/{command['name']} needs the option {name}")
        return spelt

    def begin(self, command: dict[str, Any], line: str) -> Spelt:
        """Return the same for a line of which the last option is still being typed. Raises ValueError.

        That option is `focused` and stands there as text; what is required may be missing.
        """
        declared = {option["name"]: option for option in command.get("options") or []}
        given, spelt = self._given(command, line), Spelt()
        if not given and declared:
            given = {next(iter(declared)): ""}
        focused = list(given)[-1] if given else ""
        if not declared.get(focused, {}).get("autocomplete"):
            raise ValueError(f"/{command['name']} suggests nothing for {focused or 'what follows'}")
        for name, word in given.items():
            told = {"name": name, "type": declared[name]["type"]}
            last = {"value": word, "focused": True}
            spelt.options.append(
                told | (last if name == focused else {"value": self._value(declared[name], word, spelt)})
            )
        return spelt

    def _given(self, command: dict[str, Any], line: str) -> dict[str, str]:
        """Return what is typed for each option, in the order in which it is."""
        names = {
            each: option["name"] for option in command.get("options") or [] for each in called(option, self.person)
        }
        kinds = {option["name"]: option["type"] for option in command.get("options") or []}
        loose, named = _parted(line, names)
        by_place = [name for name, kind in kinds.items() if name not in named and kind not in NAMED_ONLY]
        if loose and not by_place:
            raise ValueError(f"/{command['name']} takes no options" + " by their place" * bool(kinds))
        words = loose.split(maxsplit=len(by_place) - 1) if len(by_place) > 1 else [loose] if loose else []
        return dict(zip(by_place, (word.strip() for word in words), strict=False)) | named

    def _value(self, option: dict[str, Any], word: str, spelt: Spelt) -> Any:
        if choices := {choice["name"]: choice["value"] for choice in option.get("choices") or []}:
            return _chosen(option["name"], choices, word)
        match option["type"]:
            case 7:
                return self._channel(option, word, spelt)
            case 8:
                return self._role(option, word, spelt)
            case 6:
                return self._user(word, spelt)
        return _plain(option, word)

    def _channel(self, option: dict[str, Any], word: str, spelt: Spelt) -> str:
        found = _find(word, self.guild.channels, lambda one: one.name, "#")
        if found is None or not self.world.may(self.person, found):
            raise ValueError(f"{self.person.name} sees no channel {word}")
        if found.type not in (option.get("channel_types") or [found.type]):
            raise ValueError(f"{option['name']} takes no channel like {word}")
        may = self.world.may(self.person, found)
        spelt.resolved.setdefault("channels", {})[str(found.id)] = _shown(found, may)
        return str(found.id)

    def _role(self, option: dict[str, Any], word: str, spelt: Spelt) -> str:
        roles = {int(role["id"]): role for role in views.roles(self.guild, self.world.members(self.guild))}
        found = _find(word, roles, lambda one: str(one["name"]), "@")
        if found is None:
            raise ValueError(f"{option['name']} cannot be {word}: there is no such role")
        spelt.resolved.setdefault("roles", {})[found["id"]] = found
        return str(found["id"])

    def _user(self, word: str, spelt: Spelt) -> str:
        number = _MENTION.fullmatch(word)
        person = self.world.person(number[1] if number else word.removeprefix("@"))
        member = views.member(person, [], self.guild.made_at)
        spelt.resolved.setdefault("users", {})[str(person.id)] = member.pop("user")
        del member["deaf"], member["mute"]
        spelt.resolved.setdefault("members", {})[str(person.id)] = member
        return str(person.id)


def called(thing: dict[str, Any], person: Account) -> set[str]:
    """Return the names under which a person finds a command or an option: its own, and that in their language."""
    translated = (thing.get("name_localizations") or {}).get(person.locale)
    return {thing["name"], translated or thing["name"]}


def _parted(line: str, names: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return the words before the first option that is named, and the values of those that are."""
    if not names:
        return line.strip(), {}
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    loose, *rest = re.split(rf"(?:^|(?<=\s))({known}):", line)
    named: dict[str, str] = {}
    for name, value in zip(rest[::2], rest[1::2], strict=True):
        if names[name] in named:
            raise ValueError(f"{name} is given twice")
        named[names[name]] = value.strip()
    return loose.strip(), named


def _find(word: str, all_: dict[int, Any], name_of: Callable[[Any], str], mark: str) -> Any:
    """Return what is meant by an id, a mention, or a name with or without its mark."""
    number = _MENTION.fullmatch(word)
    if number and int(number[1]) in all_:
        return all_[int(number[1])]
    wanted = word.removeprefix(mark)
    return next((one for one in all_.values() if name_of(one).removeprefix(mark) == wanted), None)


def _shown(channel: Channel, may: int) -> dict[str, Any]:
    """Return a channel as an interaction resolves it, with what the person may there."""
    told = views.partial_channel(channel, may, ())
    kept = ("id", "name", "type", "permissions", "guild_id", "parent_id", "flags", "last_message_id")
    return {name: value for name, value in told.items() if name in (*kept, "thread_metadata", "rate_limit_per_user")}


def _chosen(name: str, choices: dict[str, Any], word: str) -> Any:
    if word in choices:
        return choices[word]
    for value in choices.values():
        if str(value) == word:
            return value
    raise ValueError(f"{name} must be one of {', '.join(choices)}")


def _plain(option: dict[str, Any], word: str) -> Any:
    kind, name = option["type"], option["name"]
    if kind == STRING:
        if not option.get("min_length", 0) <= len(word) <= option.get("max_length", _MOST_TEXT):
            raise ValueError(f"{name} has a wrong length")
        return word
    try:
        value = _CONVERTERS[kind](word)
    except (KeyError, ValueError):
        raise ValueError(f"{name} cannot be {word}") from None
    if kind != BOOLEAN and not option.get("min_value", -_MOST_NUMBER) <= value <= option.get("max_value", _MOST_NUMBER):
        raise ValueError(f"{name} cannot be {word}: it is out of its range")
    return value
