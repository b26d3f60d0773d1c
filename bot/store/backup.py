"""A whole copy of a database that is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from ..errors import DatabaseError, UsageError


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
    try:
        # Made before anything is in it, so that nobody else can ever read it.
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise UsageError(f"{to} cannot be made: {error.strerror}.") from error
    try:
        copy(path, to)
    except sqlite3.Error as error:
        to.unlink()
        raise DatabaseError(f"The database {path} could not be backed up: {error}.") from error


def copy(path: Path, to: Path) -> None:
    """Copy a database that may be open, whole and consistent, for its owner's eyes only, also while it is copied."""
    os.close(os.open(to, os.O_CREAT | os.O_WRONLY, 0o600))
    to.chmod(0o600)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(to)) as new:
        old.backup(new)
