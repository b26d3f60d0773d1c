"""`liverelay export` and `import`: what people chose, carried in a file from one installation to another."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import CommandError, UsageError
from ..portable import MOST_PROBLEMS, Chosen, read_chosen
from ..store import files, subscriptions
from ..store.choices import choose, chosen, conflicts
from ..store.engine import Database
from ..store.overview import Place, places
from ..urls import canonical_url
from . import opml
from .opml import Outline

LARGEST = 50_000_000


async def export(database: Database, *, as_opml: bool, now: datetime) -> str:
    """Return all that people chose as JSON, or the sources as OPML."""
    async with database.read() as connection:
        found = await chosen(connection)
    return opml.written(found.sources, now) if as_opml else found.model_dump_json(indent=2) + "\n"


def write(text: str, to: Path | None) -> None:
    """Print, or write into a new file that only its owner may read. Raises UsageError where that cannot be.

    A file that is there already stays as it is, and of one that cannot be written to its end nothing is left.
    """
    try:
        if to is None:
            sys.stdout.write(text)
            sys.stdout.flush()
            return
        with ExitStack() as undone, os.fdopen(files.make(to), "w", encoding="utf-8") as file:
            undone.callback(to.unlink)
            file.write(text)
            file.flush()
            undone.pop_all()
    except BrokenPipeError:  # whoever reads what we print has enough of it
        raise
    except OSError as error:
        where, what = (to, "made") if to else ("What was exported", "printed")
        raise UsageError(f"{where} cannot be {what}: {error.strerror}.") from error


def content_of(file: Path) -> bytes:
    """Return what a file holds. Raises UsageError."""
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file} is larger than {LARGEST // 1_000_000} MB.")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None


async def import_(database: Database, content: bytes, *, where: str, only_check: bool, now: datetime) -> str:
    """Bring in what a file says, all of it or nothing, and say what that was. Raises UsageError with every problem."""
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if is_xml != bool(where):
        hint = "--chat says which chat is to follow the pages of an OPML file" if is_xml else "--chat is for OPML files"
        raise UsageError(f"{hint}; `liverelay chats` lists the chats.")
    async with database.write() as connection:
        if is_xml:
            made = await _follow(connection, opml.read(content), where, now)
        else:
            made = await _choose(connection, content, now)
        if only_check:
            await connection.rollback()
    return f"{'It would bring' if only_check else 'Brought'} in {_counted(made)}."


async def _choose(connection: AsyncConnection, content: bytes, now: datetime) -> Counter[str]:
    found = read_chosen(content)
    problems = await conflicts(connection, found) if isinstance(found, Chosen) else found
    if not isinstance(found, Chosen) or problems:
        raise _refused(problems)
    return await choose(connection, found, now)


async def _follow(connection: AsyncConnection, outlines: Sequence[Outline], where: str, now: datetime) -> Counter[str]:
    """Let a chat follow the pages of an OPML file."""
    place = await _place(connection, where)
    pages, problems = [], []
    for each in outlines:
        try:
            pages.append((canonical_url(each.url), each.title, each.page))
        except CommandError as error:
            problems.append(f"line {each.line}: {error}")
    if problems:
        raise _refused(problems)
    made: Counter[str] = Counter()
    for url, title, page in pages:
        if page and await subscriptions.follows(connection, place.id, page):
            continue
        known = await subscriptions.watched(connection, url)
        if known is not None and known.taken_down:
            raise _refused([f"The page {url} was taken down here."])
        made["sources"] += known is None
        wish = await subscriptions.subscribe(connection, chat_id=place.id, url=url, title=title, now=now)
        made["subscriptions"] += wish.made != "known"
    return made


async def _place(connection: AsyncConnection, where: str) -> Place:
    found = await places(connection, where)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"No chat is called {where}: `liverelay chats` lists them.")
    named = ", ".join(each.name for each in found)
    raise UsageError(f"Several chats are called {where}; name one of {named}.")


def _refused(problems: Sequence[str]) -> UsageError:
    more = [f"… and {len(problems) - MOST_PROBLEMS} more."] if len(problems) > MOST_PROBLEMS else []
    return UsageError("\n".join(["Nothing was brought in:", *problems[:MOST_PROBLEMS], *more]))


def _counted(made: Counter[str]) -> str:
    words = {
        "sources": ("page", "pages"),
        "chats": ("chat", "chats"),
        "subscriptions": ("subscription", "subscriptions"),
        "access": ("permission", "permissions"),
    }
    told = [f"{made[what]} {one if made[what] == 1 else many}" for what, (one, many) in words.items() if made[what]]
    return ", ".join(told) or "nothing new"
