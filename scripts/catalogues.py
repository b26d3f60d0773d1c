"""Brings the catalogues in bot/locale up to date with the sentences in the code: `make catalogues`.

What is new waits in each for its translation, what is said no more goes, what is translated stays. A sentence whose
English changed is a new one: nothing is guessed (no "fuzzy"). The files come out the same wherever and whenever this
runs: no dates, no line numbers, ordered by the English.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.commands.specs import SPECS
from bot.languages import CHOICE, COMMAND, DOMAIN, ENGLISH, LANGUAGES, OPTION, STORED, catalogue

ROOT = Path(__file__).parents[1]
SPEAKING = ("adapters", "bot")
# By the function that marks it (see bot/languages.py): where among its arguments the sentence and its context stand.
PLAIN, STORING, PLURAL, IN_CONTEXT = ("_", "N_"), ("stored",), ("ngettext",), ("pgettext", "NC_")
MARKS = frozenset({*PLAIN, *STORING, *PLURAL, *IN_CONTEXT})

MENUS = "bot/commands/specs.py"

Id = str | tuple[str, str]


@dataclass(slots=True)
class Marked:
    """A sentence in the code: its English (with the plural, where it has one), its context, where it stands."""

    id: Id
    context: str | None
    files: set[str] = field(default_factory=set)


class _Plain(Catalog):
    """A catalogue whose header says nothing that changes with the day or the machine."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def sentences() -> list[Marked]:
    """Return the sentences in the code, and what the menus of commands say."""
    found: dict[tuple[str, str | None], Marked] = {}
    for file, id_, context in (*_in_code(), *_in_menus()):
        key = (id_ if isinstance(id_, str) else id_[0], context)
        each = found.setdefault(key, Marked(id_, context))
        if isinstance(id_, tuple):
            each.id = id_
        each.files.add(file)
    return list(found.values())


def _in_code() -> Iterator[tuple[str, Id, str | None]]:
    for name in SPEAKING:
        for path in sorted((ROOT / name).rglob("*.py")):
            for id_, context in _marked(path):
                yield path.relative_to(ROOT).as_posix(), id_, context


def _in_menus() -> Iterator[tuple[str, str, str | None]]:
    """Yield the names and descriptions of commands and options, which need no mark where they stand."""
    for spec in SPECS:
        yield MENUS, spec.name, COMMAND
        yield MENUS, spec.description, None
        for option in spec.options:
            yield MENUS, option.name, OPTION
            yield MENUS, option.description, None
            yield from ((MENUS, choice, CHOICE) for choice in option.choices)


def _marked(path: Path) -> Iterator[tuple[Id, str | None]]:
    """Yield what a file marks, wherever it stands: babel's own extraction overlooks what stands in an f-string."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            mark = node.func.id
            wanted = [_constant(path, each) for each in node.args[: 1 if mark in (*PLAIN, *STORING) else 2]]
            if None in wanted:
                continue  # `_` of something that was marked where it is written
            match [str(each) for each in wanted]:
                case [one, many] if mark in PLURAL:
                    yield (one, many), None
                case [context, text]:
                    yield text, context
                case [text]:
                    yield text, STORED if mark in STORING else None


def _constant(path: Path, node: ast.expr) -> str | None:
    """Return the text that stands there, None for a name. Exits where a text is put together."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp):
        sys.exit(f"{path}:{node.lineno}: the catalogues hold whole sentences with {{fields}}, as constants.")
    return None


def updated(language: str, marked: list[Marked]) -> str:
    """Return what a language's catalogue should hold."""
    path = _path(language)
    known = catalogue(language) if path.exists() else Catalog(locale=language)
    new = _Plain(locale=language, domain=DOMAIN, header_comment=f"# {LANGUAGES[language]}", fuzzy=False)
    for each in marked:
        before = known.get(each.id if isinstance(each.id, str) else each.id[0], each.context)
        kept = before.string if before and isinstance(before.id, str) == isinstance(each.id, str) else ""
        new.add(
            each.id,
            kept if kept or isinstance(each.id, str) else ("",) * new.num_plurals,
            locations=[(file, 0) for file in sorted(each.files)],
            context=each.context,
        )
    text = io.BytesIO()
    write_po(text, new, width=120, sort_output=True, include_lineno=False)
    return text.getvalue().decode().rstrip() + "\n"


def _path(language: str) -> Path:
    return ROOT / "bot" / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def main() -> None:
    """Write every catalogue anew."""
    marked = sentences()
    for language in LANGUAGES:
        if language != ENGLISH:
            _path(language).parent.mkdir(parents=True, exist_ok=True)
            _path(language).write_text(updated(language, marked), encoding="utf-8")


if __name__ == "__main__":
    main()
