"""The languages that chats are spoken to in: which there are, which is spoken now, and what a sentence is in it.

English stands in the code and is the key of every sentence; the other languages are gettext catalogues in
`bot/locale`. A sentence is written whole, with named fields, and filled after it was translated:

    _("Nothing from {page} was missed.").format(page=title)
    ngettext("{count} entry waits.", "{count} entries wait.", count).format(count=count)
    RichText.filled(_("Paused until {time}: {pages}."), time=…, pages=…)

What is being spoken is ambient (`speaking`), because all that is said at once is said in one language, down to a word
in the depth of a filter (docs/architecture.md, "Languages"). Without it, everything is English: logs, the command line
and what is stored.
"""

from __future__ import annotations

import gettext as gnu
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, reduce
from importlib import resources

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "uk": "Українська"}
"""What is spoken: ISO 639 codes, and each language's name in itself."""

DOMAIN = "liverelay"
STORED = "stored"
"""The context, in catalogues, of sentences that the database keeps in English."""
COMMAND, OPTION, CHOICE = "command", "option", "choice"
"""The contexts of names of commands, of their options and of what these offer, for menus in other languages."""
# English as most of the world writes its dates ("14 Feb 2023"); the others as their own country does.
_LOCALES = {"en": "en_001"}
_FIELD = re.compile(r"\{(\w+)\}")

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


# ── which language ───────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language ("de", "de-AT"; English where it is none of ours) within the block and all that it calls."""
    before = _spoken.set(understood(language) or ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """Return the code of the language being spoken."""
    return _spoken.get()


def understood(locale: str) -> str:
    """Return the language of a platform's locale ("de", "de-AT", "uk_UA"); "" for one that is not spoken here."""
    language = re.split("[-_]", locale.lower(), maxsplit=1)[0]
    return language if language in LANGUAGES else ""


def locale() -> Locale:
    """Return what babel knows of the language being spoken: its dates, times and names of zones."""
    return _locale(spoken())


@lru_cache(maxsize=len(LANGUAGES))
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


# ── what is said in it ───────────────────────────────────────────────────────────────────────────────────────────


def _(text: str) -> str:
    """Return a sentence in the language being spoken."""
    return translated(text, _spoken.get())


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a sentence that goes with a number; it is not filled in yet."""
    return _translations(_spoken.get()).ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """Return a sentence or word in the language being spoken, where the same English means different things."""
    return translated(text, _spoken.get(), context)


def translated(text: str, language: str, context: str = "") -> str:
    """Return a sentence in any of our languages, as a platform's menu needs it; in English where there is no other."""
    if language == ENGLISH or not text:
        return text
    known = _translations(language)
    return known.pgettext(context, text) if context else known.gettext(text)


def either(words: Iterable[str]) -> str:
    """Return "one or other", "one or other or third"."""
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), words)


def both(clauses: Iterable[str]) -> str:
    """Return "one and other", "one and other and third"."""
    return reduce(lambda one, other: _("{one} and {other}").format(one=one, other=other), clauses)


# ── sentences that are written down here and said elsewhere ──────────────────────────────────────────────────────


def N_(text: str) -> str:  # noqa: N802  # gettext's own name for it
    """Mark a sentence for the catalogues and return it in English: a constant, which is translated where it is said."""
    return text


def NC_(context: str, text: str) -> str:  # noqa: ARG001, N802  # as above
    """The same with a context, as for `pgettext`: `NC_("command", "start")`."""
    return text


def stored(text: str) -> str:
    """Mark a sentence that is written to the database, filled in and in English, and said by `retold`."""
    return text


def retold(text: str) -> str:
    """Return a stored English sentence in the language being spoken; as it is, where it is not one of `stored`.

    The database keeps why a page could not be read, or a message was refused, as one English sentence: the operator
    reads it there. So which sentence it was made from, and with what, is found by its words.
    """
    if spoken() == ENGLISH:
        return text
    for pattern, template in _retellings(spoken()):
        if found := pattern.fullmatch(text):
            return template.format(**{name: retold(value) for name, value in found.groupdict().items()})
    return text


# ── the catalogues ───────────────────────────────────────────────────────────────────────────────────────────────


def catalogue(language: str) -> Catalog:
    """Read the catalogue of one of our languages, English aside."""
    po = resources.files(__package__) / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with po.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


@lru_cache(maxsize=len(LANGUAGES))
def _translations(language: str) -> gnu.NullTranslations:
    """Return a language's translations, read at first use: the package holds their text and no compiled file."""
    if language == ENGLISH:
        return gnu.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return gnu.GNUTranslations(compiled)


@lru_cache(maxsize=len(LANGUAGES))
def _retellings(language: str) -> list[tuple[re.Pattern[str], str]]:
    """Return how stored sentences are recognised and what each is in a language, those with the most words first."""
    kept = [each for each in catalogue(language) if each.context == STORED and each.string]
    kept.sort(key=lambda each: len(_FIELD.sub("", str(each.id))), reverse=True)
    return [(_recognising(str(each.id)), str(each.string)) for each in kept]


def _recognising(template: str) -> re.Pattern[str]:
    """Return a pattern that takes a filled template apart again."""
    pieces = _FIELD.split(template)
    return re.compile("".join(f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)))
