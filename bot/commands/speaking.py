"""/language: which language the bot speaks in a chat."""

from __future__ import annotations

import difflib
import unicodedata
from functools import lru_cache

from babel import Locale

from ..errors import CommandError
from ..languages import LANGUAGES, _, speaking, spoken, understood
from ..ports import Answer
from ..richtext import RichText
from ..store import chats
from .pressing import buttons
from .turn import Turn


async def language(turn: Turn) -> Answer:
    """Choose the language of the chat, or (bare) say which it is and offer the others."""
    if not turn.arguments:
        return _said(spoken())
    turn.for_admins()
    chosen = find_language(turn.arguments)
    chat = await turn.chat()
    await chats.set_language(turn.connection, chat.id, chosen)
    return _said(chosen)


def _said(chosen: str) -> Answer:
    with speaking(chosen):
        told = _("The language here is {language}. It is for what is said from now on.").format(
            language=LANGUAGES[chosen]
        )
    others = [(name, f"language {code}") for code, name in LANGUAGES.items() if code != chosen]
    return Answer(RichText(told), buttons(*others))


def find_language(typed: str) -> str:
    """Return the language typed as its code or its name in any of ours. Raises CommandError with a near one."""
    if found := understood(typed.strip()) or _names().get(_fold(typed)):
        return found
    near = difflib.get_close_matches(_fold(typed), _names(), n=1, cutoff=0.7)
    if near:
        hint = _("Did you mean {names}?").format(names=LANGUAGES[_names()[near[0]]])
    else:
        hint = _("There are {names}.").format(names=", ".join(LANGUAGES.values()))
    raise CommandError(_("“{typed}” is no language that I speak. {hint}").format(typed=typed, hint=hint))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The languages by their folded names: "german", "deutsch", "allemand", "alemán", "німецька"."""
    return {_fold(Locale(speaker).languages[code]): code for code in LANGUAGES for speaker in LANGUAGES}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip()).casefold()
    return "".join(character for character in plain if not unicodedata.combining(character))
