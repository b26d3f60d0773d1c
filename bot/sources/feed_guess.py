"""The charset of a text that names none and is no UTF-8, guessed by its letters; Windows-1252 where nothing speaks.

A charset is believed only if every byte fits it and the text then reads like one of its languages: Japanese by its
kana, Korean and Chinese by their most frequent characters, other scripts by words that hold no Latin letter at all
(in Western texts, which fit the same bytes, an accented letter stands among plain ones).
"""

from __future__ import annotations

import re
from collections.abc import Callable

SAMPLE = 20_000
"""Bytes that are looked at."""

FEWEST = 30
"""Letters beyond ASCII on which a guess may be founded; of Chinese, Japanese and Korean a fifth will do."""

_SIMPLIFIED = frozenset(
    "的一是不了人在有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日"
    "于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长新美于民网全报台第海最"
)
_TRADITIONAL = frozenset(
    "的一是不了人在有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒日"
    "於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長新美民網全報台第海最您因件"
)
_KOREAN = frozenset(
    "이다는의에을가를은하고지로어사한대도기자리나인서시해일과그수아보라정으스전부있만들게여러와면것니까제"
)
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")


def _share(common: frozenset[str]) -> Callable[[str], float]:
    return lambda letters: sum(letter in common for letter in letters) / len(letters)


def _kana(letters: str) -> float:
    return len(_KANA.findall(letters)) / len(letters)


# Charset, what makes its texts likely, and how much of that a text must show.
_WIDE: tuple[tuple[str, Callable[[str], float], float], ...] = (
    ("cp932", _kana, 0.3),
    ("euc_jp", _kana, 0.3),
    ("cp949", _share(_KOREAN), 0.2),
    ("gb18030", _share(_SIMPLIFIED), 0.12),
    ("big5", _share(_TRADITIONAL), 0.12),
)
# The letters that tell a script, and how much of a text they are; the first that fits counts, as the bytes of each are
# among those of the later ones. Hebrew has no letter where Cyrillic and Greek keep some that hardly a text is without;
# Thai is told by its consonants, Greek by its accents, and small letters tell the two charsets of Cyrillic apart.
_NARROW: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("cp1255", re.compile("[\u05d0-\u05ea]"), 0.8),
    ("cp874", re.compile("[\u0e01-\u0e2e]"), 0.4),
    ("cp1253", re.compile("[\u03ac-\u03af]"), 0.05),
    ("cp1251", re.compile("[\u0430-\u044f\u0451]"), 0.8),
    ("koi8_r", re.compile("[\u0430-\u044f\u0451]"), 0.8),
)
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_AMONG_LATIN = re.compile(rb"[a-zA-Z][\x80-\xff]|[\x80-\xff][a-zA-Z]")


def guessed(body: bytes) -> str:
    """Return Python's name of the charset that the bytes are most likely in."""
    text = re.sub(rb"<[^<>]*>|&[#\w]+;", b" ", body[: 4 * SAMPLE])[:SAMPLE]
    wide = {name: share(letters) / enough for name, share, enough in _WIDE if (letters := _letters(text, name))}
    best = max(wide, key=lambda name: wide[name], default="")
    if best and wide[best] >= 1:
        return best
    if len(_AMONG_LATIN.findall(text)) * 10 > sum(byte > 127 for byte in text):
        return "cp1252"
    for name, script, enough in _NARROW:
        letters = _letters(text, name)
        if len(letters) >= FEWEST and len(script.findall(letters)) >= enough * len(letters):
            return name
    return "cp1252"


def _letters(text: bytes, charset: str) -> str:
    """Return what lies beyond ASCII; nothing where there is little, or where the bytes do not fit the charset.

    A character that was cut at the end does not count against it.
    """
    for end in (len(text), len(text) - 1):
        try:
            letters = "".join(_BEYOND.findall(text[:end].decode(charset)))
        except UnicodeDecodeError:
            continue
        return letters if len(letters) * 5 >= FEWEST else ""
    return ""
