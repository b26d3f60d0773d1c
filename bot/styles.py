"""Styles as people type and read them: `headline images off silent on`, `template {headline}`. Pure.

A new setting is a field of `model.Style` and a line in `SETTINGS`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, replace
from typing import Any, get_args

from .errors import Mistake
from .languages import N_, _, either
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
_DETAILS: dict[str, str] = {"headline": N_("headline"), "summary": N_("summary"), "full": N_("full")}
_IMAGES = {"off": N_("no pictures"), "first": N_("the first picture"), "all": N_("all pictures")}
_SHOWN = {"author": N_("author"), "time": N_("time"), "label": N_("label")}


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
        problem = _("a template may have {most} characters, this one has {count}")
        problem = problem.format(most=LONGEST_TEMPLATE, count=len(text))
        raise Mistake("template", text, LONGEST_TEMPLATE, problem)
    parse_template(text)
    return text


def _value(typed: str, name: str, word: re.Match[str], rest: list[re.Match[str]]) -> Any:
    """Return the value that stands after the name of a setting, and take it from the rest."""
    values = SETTINGS[name]
    if rest and rest[0][0].lower() in values:
        return values[rest.pop(0)[0].lower()]
    place = rest[0].start() if rest else word.end()
    hint = _("Write {examples}.").format(examples=either(f"{name} {value}" for value in values))
    raise Mistake("style", typed, place, _("“{name}” needs one of its values here").format(name=name), hint)


def _unknown(typed: str, word: re.Match[str]) -> Mistake:
    known = (*DETAILS, *SETTINGS, TEMPLATE, DEFAULT)
    near = difflib.get_close_matches(word[0].lower(), known, n=1)
    hint = _("There are {names}.").format(names=", ".join(known))
    if near:
        hint = _("Did you mean {names}?").format(names=near[0])
    return Mistake("style", typed, word.start(), _("“{word}” is not known here").format(word=word[0]), hint)


def described(style: Style) -> str:
    """Return a style in one line; what is as usual is told too, so that it can be seen what there is."""
    if style.template:
        told = [_("template {template}").format(template=style.template), _(_IMAGES[style.images])]
    else:
        shown = [_(word) for name, word in _SHOWN.items() if getattr(style, name)]
        told = [_(_DETAILS[style.detail]), _(_IMAGES[style.images]), *shown]
    told += [_("link preview")] * style.preview + [_("silent")] * style.silent
    told += [_("long texts whole")] * (style.long == "split")
    told += [_("a thread per page")] * style.thread + [_("published")] * style.publish
    told += [_("each a reply to the one before")] * style.reply
    return ", ".join(told + [_("newest first")] * (style.order == "newest"))


def to_json(style: Style) -> dict[str, Any]:
    """Return what differs from the usual style."""
    usual = asdict(Style())
    return {name: value for name, value in asdict(style).items() if value != usual[name] and name not in _NOT_THEIRS}
