"""A whole copy of a database that is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import make_url

from ..errors import DatabaseError, UsageError
from . import files


def back_up(url: str, to: Path) -> None:
    """Copy the SQLite database at `url` into a new file that only its owner may read, whole as of one moment.

    Raises UsageError where there is nothing to copy or the file is there already, DatabaseError where copying fails;
    then no half of a copy is left.
    """
    given = make_url(url)
    if given.get_backend_name() != "sqlite":
        raise UsageError("A PostgreSQL database is backed up with pg_dump.")
    path = Path(given.database or "")
    if not path.is_file():
        raise UsageError(f"There is no database {path} to back up.")
    files.refuse_laid(path)
    try:
        os.close(files.make(to))
    except OSError as error:
        raise UsageError(f"{to} cannot be made: {error.strerror}.") from error
    with ExitStack() as undone:
        undone.callback(to.unlink)  # also where whoever asked for it was tired of waiting
        try:
            _fill(to, path)
        except sqlite3.Error as error:
            raise DatabaseError(f"The database {path} could not be backed up: {error}.") from error
        undone.pop_all()


def copy(path: Path, to: Path) -> None:
    """Copy a database that may be open, whole and consistent, into a file made for its owner's eyes only.

    What stands there goes, were it only a link to elsewhere.
    """
    to.unlink(missing_ok=True)
    os.close(files.make(to))
    _fill(to, path)


def _fill(to: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(to)) as new:
        old.backup(new)
