"""Buttons, select menus and forms: how an answer's rows look on Discord, and what a press means. Pure.

What a component does stands in its custom id, so that it works after a restart: "do pause 3" gives that command,
"ask filter 3" opens a form for what follows it (a second line is what stands in it at first), and "do@1234 pause 3" is
about the channel 1234. Limits (Discord's
documentation, "Component Reference"): custom id 100, five rows of five buttons, a label of 80, 25 options in a menu of
100 each, a form's title and labels 45.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.languages import _
from bot.ports import Answer, Button, CommandSpec, Link
from bot.richtext import RichText

from .cut import shortened

_ROW, _BUTTON, _MENU, _INPUT, _LABEL = 1, 2, 3, 4, 18
_GREY, _BLUE, _OPENS, _PARAGRAPH = 2, 1, 5, 2
_DO, _ASK = "do", "ask"
_CUSTOM_ID = re.compile(rf"({_DO}|{_ASK})(?:@(\d{{1,20}}))? (.+)", re.DOTALL)
_MOST_ROWS, _MOST_ACROSS, _MOST_OPTIONS = 5, 5, 25
_BUTTON_LABEL, _OPTION_LABEL, _FORM_LABEL, _TYPED, _CUSTOM = 80, 100, 45, 4000, 100


@dataclass(frozen=True, slots=True)
class Carried:
    """What a component brings: a command line, and the channel that it is about ("" for the one in which it stands).

    `typed` is what stands at first in the form for what follows the line.
    """

    line: str = ""
    channel: str = ""
    typed: str = ""

    def __bool__(self) -> bool:
        return bool(self.line)

    @property
    def name(self) -> str:
        """The command's name."""
        return self.line.partition(" ")[0]

    def custom_id(self, mark: str) -> str:
        """Return the id of a component that brings this."""
        bare = f"{mark}@{self.channel} {self.line}" if self.channel else f"{mark} {self.line}"
        whole = f"{bare}\n{self.typed}"
        return whole if self.typed and len(whole) <= _CUSTOM else bare


def rows(answer: Answer, channel: str = "") -> list[dict[str, Any]]:
    """Return the components under an answer about a `channel`: its buttons, or menus where they are too many."""
    drawn = [[_button(each, channel) for each in row] for row in _once(answer.buttons)]
    if answer.asks:
        drawn.append([_pressable(_("Type it…"), Carried(answer.asks, channel).custom_id(_ASK), _BLUE)])
    opening = [_opening(link) for link in answer.links[:_MOST_ACROSS]]
    last = [opening] if opening else []
    if len(drawn) + len(last) <= _MOST_ROWS and all(len(row) <= _MOST_ACROSS for row in drawn):
        return [_row(row) for row in [*drawn, *last]]
    asking = drawn[-1:] if answer.asks else []
    menus = list(_menus([each for row in _once(answer.buttons) for each in row if not each.asks], channel))
    return [*menus[: _MOST_ROWS - len(asking) - len(last)], *map(_row, [*asking, *last])]


def under(presses: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the components under a message of the bot's own: a row for each of its buttons."""
    return rows(Answer(RichText(), tuple((Button(label, line),) for label, line in presses)))


def form(asked: Carried, spec: CommandSpec | None) -> dict[str, Any]:
    """Return the form that asks for what comes after a command line."""
    box: dict[str, Any] = {
        "type": _INPUT,
        "custom_id": "typed",
        "style": _PARAGRAPH,
        "required": True,
        "max_length": _TYPED,
    }
    title = _(spec.description) if spec else asked.line
    if asked.typed:
        box["value"] = asked.typed
    return {
        "custom_id": replace(asked, typed="").custom_id(_ASK),
        "title": shortened(title, _FORM_LABEL),
        "components": [{"type": _LABEL, "label": shortened(f"/{asked.line} …", _FORM_LABEL), "component": box}],
    }


def asked_for(told: Any) -> Carried:
    """Return the command line whose rest a pressed button wants typed; none for other buttons."""
    return _carried(str(told.get("custom_id")), _ASK)


def pressed(told: Any) -> Carried:
    """Return the command line that a press or a choice gives; none for a component that is not (or no longer) ours."""
    values = told.get("values")
    return _carried(str(values[0] if isinstance(values, list) and values else told.get("custom_id")), _DO)


def submitted(told: Any) -> Carried:
    """Return the command line that a form gives; none for a form that is not ours."""
    asked = asked_for(told)
    typed = " ".join(str(box.get("value") or "").strip() for box in _boxes(told.get("components") or []))
    return replace(asked, line=f"{asked.line} {typed}".strip()) if asked else asked


def _carried(custom_id: str, mark: str) -> Carried:
    read = _CUSTOM_ID.fullmatch(custom_id)
    if not read or read[1] != mark:
        return Carried()
    line, _, typed = read[3].partition("\n")
    return Carried(line, read[2] or "", typed)


def _boxes(components: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in components:
        if each.get("type") == _INPUT:
            yield each
        yield from _boxes([*(each.get("components") or []), *filter(None, [each.get("component")])])


def _once(given: Sequence[Sequence[Button]]) -> list[list[Button]]:
    """Leave out what does the same as another: Discord takes no two components of one id."""
    seen: set[tuple[str, str, bool]] = set()
    kept: list[list[Button]] = []
    for row in given:
        once = {(each.command, each.about, each.asks): each for each in row}
        kept.append([each for key, each in once.items() if key not in seen])
        seen |= once.keys()
    return [row for row in kept if row]


def _menus(buttons: Sequence[Button], channel: str) -> Iterator[dict[str, Any]]:
    room = (_MOST_ROWS - 1) * _MOST_OPTIONS
    for start in range(0, min(len(buttons), room), _MOST_OPTIONS):
        options = [
            {
                "label": shortened(each.label, _OPTION_LABEL),
                "value": Carried(each.command, each.about or channel).custom_id(_DO),
            }
            for each in buttons[start : start + _MOST_OPTIONS]
        ]
        menu = {"type": _MENU, "custom_id": f"menu {start}", "placeholder": _("Choose…"), "options": options}
        yield _row([{**menu, "min_values": 1, "max_values": 1}])


def _row(components: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": _ROW, "components": components}


def _button(button: Button, channel: str) -> dict[str, Any]:
    carried = Carried(button.command, button.about or channel, button.typed)
    return _pressable(button.label, carried.custom_id(_ASK if button.asks else _DO), _GREY)


def _pressable(label: str, custom_id: str, style: int) -> dict[str, Any]:
    return {"type": _BUTTON, "style": style, "label": shortened(label, _BUTTON_LABEL), "custom_id": custom_id}


def _opening(link: Link) -> dict[str, Any]:
    return {"type": _BUTTON, "style": _OPENS, "label": shortened(link.label, _BUTTON_LABEL), "url": link.url}
