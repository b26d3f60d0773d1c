"""Lines of an overview, for a person or for a program. What stands in them came from outside: it drives no terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.terminal import printable

from ..store.schema import FOREVER

# As wide as it takes where nobody looks at it: a pipe has no edge.
_WIDE = 400


def print_lines(lines: Sequence[Any], *, as_json: bool, none: str) -> None:
    """Print frozen dataclasses as a table, or as one JSON object a line; `none` says that there are none."""
    console = Console(highlight=False, emoji=False, markup=False)
    if as_json:
        for line in lines:
            print(json.dumps(asdict(line), default=_as_text, ensure_ascii=True))  # noqa: T201  # what was asked for
        return
    if not lines:
        console.print(Text(none))
        return
    if not console.is_terminal:
        console.width = _WIDE
    console.print(_table(lines))


def _table(lines: Sequence[Any]) -> Table:
    """Columns that say nothing in any line are left out."""
    told = [field.name for field in fields(lines[0]) if any(_said(getattr(line, field.name)) for line in lines)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in told:
        table.add_column(name.replace("_", " "), overflow="fold")
    for line in lines:
        table.add_row(*(Text(printable(_said(getattr(line, name)))) for name in told))
    return table


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    return _as_text(value) if isinstance(value, datetime) else str(value)


def _as_text(value: Any) -> str:
    if value == FOREVER:
        return "until resumed"
    return f"{value:%Y-%m-%d %H:%M:%SZ}" if isinstance(value, datetime) else str(value)
