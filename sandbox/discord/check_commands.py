"""What Discord holds slash commands to when they are registered (documentation, "Application Commands")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .check_components import Problem

MOST, MOST_OPTIONS, MOST_CHOICES, TOTAL = 100, 25, 25, 8000
LOCALES = frozenset(
    {"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR"}
    | {"ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"}
)
CHAT_INPUT, _SUBCOMMANDS = 1, (1, 2)
_STRING, _INTEGER, _CHANNEL, _NUMBER = 3, 4, 7, 10
_KINDS = range(1, 12)
_ONLY_FOR: dict[str, tuple[int, ...]] = {
    "choices": (_STRING, _INTEGER, _NUMBER),
    "autocomplete": (_STRING, _INTEGER, _NUMBER),
    "min_value": (_INTEGER, _NUMBER),
    "max_value": (_INTEGER, _NUMBER),
    "min_length": (_STRING,),
    "max_length": (_STRING,),
    "channel_types": (_CHANNEL,),
}
"""Which types of options have a say in what; Discord passes over some of these, and this is the stricter reading."""
_NAME = re.compile(r"^[-_'\w]{1,32}$")

Path = tuple[str | int, ...]


def problems(commands: list[dict[str, Any]]) -> Iterator[Problem]:
    """Say what is wrong with the commands of one application."""
    chat = [command for command in commands if _kind(command) == CHAT_INPUT]
    if len(chat) > MOST:
        yield (), "APPLICATION_COMMANDS_LIMIT_REACHED", f"Maximum number of application commands reached ({MOST})."
    seen: set[tuple[str, int]] = set()
    for number, command in enumerate(commands):
        yield from _command(command, number)
        if not seen.isdisjoint(keys := {(name, _kind(command)) for name in _names(command)}):
            yield (number, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
        seen |= keys


def _kind(command: Mapping[str, Any]) -> int:
    return int(command.get("type") or CHAT_INPUT)


def _names(thing: Mapping[str, Any]) -> Iterator[str]:
    """Return a name with its language, once for each."""
    yield f"default {thing.get('name')}"
    yield from (f"{locale} {name}" for locale, name in _localized(thing, "name").items())


def _localized(thing: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    told = thing.get(f"{field}_localizations")
    return told if isinstance(told, dict) else {}


def _command(command: Mapping[str, Any], number: int) -> Iterator[Problem]:
    if _kind(command) != CHAT_INPUT:
        if not 1 <= len(str(command.get("name") or "")) <= 32:
            yield (number, "name"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length."
        return
    yield from _named(command, (number,))
    yield from _options(command, (number,))
    if _size(command) > TOTAL:
        yield (number,), "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TOTAL})"
    rights = command.get("default_member_permissions")
    if rights is not None and not str(rights).isdecimal():
        yield (number, "default_member_permissions"), "NUMBER_TYPE_COERCE", f'Value "{rights}" is not int.'


def _named(thing: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    for place, name in _texts(thing, "name"):
        if not isinstance(name, str) or not _NAME.match(name) or name != name.lower():
            yield (*path, *place), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"
    for place, description in _texts(thing, "description"):
        if not isinstance(description, str) or not 1 <= len(description.strip()) <= 100:
            yield (*path, *place), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
    yield from _locales(thing, path)


def _texts(thing: Mapping[str, Any], field: str) -> Iterator[tuple[Path, Any]]:
    yield (field,), thing.get(field)
    for locale, text in _localized(thing, field).items():
        yield (f"{field}_localizations", locale), text


def _locales(thing: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    for field in ("name_localizations", "description_localizations"):
        for locale in thing.get(field) or {}:
            if locale not in LOCALES:
                yield (*path, field, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.'


def _options(thing: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    options = thing.get("options") or []
    if len(options) > MOST_OPTIONS:
        yield (*path, "options"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_OPTIONS} or fewer in length."
    seen: set[str] = set()
    optional = False
    for number, option in enumerate(options):
        place = (*path, "options", number)
        yield from _option(option, place)
        if not seen.isdisjoint(names := set(_names(option))):
            yield (*place, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists"
        if option.get("required") and optional:
            sentence = "Required options must be placed before non-required options"
            yield place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence
        seen |= names
        optional = optional or (option.get("type") not in _SUBCOMMANDS and not option.get("required"))


def _option(option: Mapping[str, Any], place: Path) -> Iterator[Problem]:
    yield from _named(option, place)
    yield from _options(option, place)
    kind = option.get("type")
    if kind not in _KINDS:
        yield (*place, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {set(_KINDS)}."
    for field, kinds in _ONLY_FOR.items():
        if option.get(field) not in (None, False, []) and kind not in kinds:
            yield (*place, field), "APPLICATION_COMMAND_INVALID_OPTION_FIELD", f"{field} is not for this type of option"
    for least, most in (("min_value", "max_value"), ("min_length", "max_length")):
        if None not in (option.get(least), option.get(most)) and option[least] > option[most]:
            yield (*place, least), "APPLICATION_COMMAND_OPTION_RANGE", f"{least} must not be above {most}"
    if option.get("autocomplete") and option.get("choices"):
        sentence = "autocomplete cannot be set to true when choices are present"
        yield (*place, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", sentence
    yield from _choices(option, place)


def _choices(option: Mapping[str, Any], place: Path) -> Iterator[Problem]:
    given = option.get("choices") or []
    if len(given) > MOST_CHOICES:
        yield (*place, "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_CHOICES} or fewer in length."
    for number, choice in enumerate(given):
        yield from choice_problems(choice, option.get("type"), (*place, "choices", number))


def choice_problems(choice: Mapping[str, Any], kind: Any, place: Path) -> Iterator[Problem]:
    """Say what is wrong with a choice of an option of that type, declared or suggested."""
    for path, name in _texts(choice, "name"):
        if not isinstance(name, str) or not 1 <= len(name) <= 100:
            yield (*place, *path), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
    yield from _locales(choice, place)
    value = choice.get("value")
    fits = isinstance(value, str) if kind == _STRING else isinstance(value, int | float) and not isinstance(value, bool)
    if not fits:
        yield (*place, "value"), "APPLICATION_COMMAND_OPTIONS_CHOICE_INVALID_VALUE", "Value does not fit the option"
    elif isinstance(value, str) and not 1 <= len(value) <= 100:
        yield (*place, "value"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."


def _size(thing: Mapping[str, Any]) -> int:
    """The characters of names, descriptions and choices' values, of all options together; of languages the longest."""
    size = sum(max(len(str(text or "")) for _, text in _texts(thing, field)) for field in ("name", "description"))
    for choice in thing.get("choices") or []:
        size += max(len(str(text)) for _, text in _texts(choice, "name")) + len(str(choice.get("value")))
    return size + sum(_size(option) for option in thing.get("options") or [])
