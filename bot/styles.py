"""Styles as people type and read them: `headline images off silent on`, `template {headline}`. Pure.

A new setting is a field of `model.Style` and a line in `SETTINGS`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, replace
from typing import Any, get_args

from .errors import Mistake
from .model import Detail, ImageChoice, LongChoice, Order, Style
from .template import LONGEST_TEMPLATE, parse_template

DETAILS: tuple[str, ...] = get_args(Detail)
_SWITCH: dict[str, object] = {"on": True, "off": False}
SETTINGS: dict[str, dict[str, object]] = {
    "images": {name: name for name in get_args(ImageChoice)},
    "author": _SWITCH,
    "time": _SWITCH,
    "label": _SWITCH,
    "preview": _SWITCH,
    "silent": _SWITCH,
    "thread": _SWITCH,
    "publish": _SWITCH,
    "reply": _SWITCH,
    "long": {name: name for name in get_args(LongChoice)},
    "order": {name: name for name in get_args(Order)},
}
TEMPLATE, DEFAULT = "template", "default"
# What the operator chooses for all chats is no part of a subscription's style.
_NOT_THEIRS = frozenset({"summary_length"})
_IMAGES = {"off": "no pictures", "first": "the first picture", "all": "all pictures"}


def changed(style: Style, typed: str) -> Style:
    """Return a style with the changes that were typed. Raises Mistake with the place and what to write instead."""
    words = list(re.finditer(r"\S+", typed))
    while words:
        word = words.pop(0)
        name = word[0].lower()
        if name in DETAILS:
            style = replace(style, detail=name)  # type: ignore[arg-type]  # it is one of them
        elif name == DEFAULT:
            style = Style()
        elif name == TEMPLATE:
            return replace(style, template=_template(typed, word.end()))
        elif name in SETTINGS:
            style = replace(style, **{name: _value(typed, name, word, words)})
        else:
            raise _unknown(typed, word)
    return style


def _template(typed: str, place: int) -> str:
    text = typed[place:].strip()
    if text.lower() in ("off", "none"):
        return ""
    if len(text) > LONGEST_TEMPLATE:
        problem = f"a template may have {LONGEST_TEMPLATE} characters, this one has {len(text)}"
        raise Mistake("template", text, LONGEST_TEMPLATE, problem)
    parse_template(text)
    return text


def _value(typed: str, name: str, word: re.Match[str], rest: list[re.Match[str]]) -> Any:
    """Return the value that stands after the name of a setting, and take it from the rest."""
    values = SETTINGS[name]
    if rest and rest[0][0].lower() in values:
        return values[rest.pop(0)[0].lower()]
    place = rest[0].start() if rest else word.end()
    hint = f"Write {' or '.join(f'{name} {value}' for value in values)}."
    raise Mistake("style", typed, place, f"“{name}” needs one of its values here", hint)


def _unknown(typed: str, word: re.Match[str]) -> Mistake:
    known = (*DETAILS, *SETTINGS, TEMPLATE, DEFAULT)
    near = difflib.get_close_matches(word[0].lower(), known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}."
    return Mistake("style", typed, word.start(), f"“{word[0]}” is not known here", hint)


def described(style: Style) -> str:
    """Return a style in one line; what is as usual is told too, so that it can be seen what there is."""
    if style.template:
        told = [f"template {style.template}", _IMAGES[style.images]]
    else:
        shown = [name for name in ("author", "time", "label") if getattr(style, name)]
        told = [style.detail, _IMAGES[style.images], *shown]
    told += ["link preview"] * style.preview + ["silent"] * style.silent
    told += ["long texts whole"] * (style.long == "split")
    told += ["a thread per page"] * style.thread + ["published"] * style.publish
    told += ["each a reply to the one before"] * style.reply
    return ", ".join(told + ["newest first"] * (style.order == "newest"))


def to_json(style: Style) -> dict[str, Any]:
    """Return what differs from the usual style."""
    usual = asdict(Style())
    return {name: value for name, value in asdict(style).items() if value != usual[name] and name not in _NOT_THEIRS}
