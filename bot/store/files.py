"""Files that hold who follows what: made for their owner alone, and never by way of what somebody else laid there.

Where everybody may write into a folder, anybody can lay a link, a database or a log of SQLite's under the very name
that is to be opened. As the Linux kernel does in shared folders (`fs.protected_symlinks`, `fs.protected_regular`), only
what we, root or the folder's owner made is taken there.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import DatabaseError

_OWN = 0o600
# Links are not followed, and a pipe that nobody reads is not waited for; Windows has neither.
_PLAIN = 0 if sys.platform == "win32" else os.O_NOFOLLOW | os.O_NONBLOCK


def make(path: Path) -> int:
    """Make a new file for its owner alone, before anything is in it. Raises OSError where something is, a link too."""
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWN)


def opened(path: Path) -> int:
    """Open a file, made for its owner alone if there is none. Raises OSError for a link, a folder or a pipe."""
    return os.open(path, os.O_CREAT | os.O_WRONLY | _PLAIN, _OWN)


def refuse_laid(database: Path) -> None:
    """Raise DatabaseError where somebody else laid what we would open as a database, its lock or one of its logs."""
    for path in (*_ways_to(database), *(database.with_name(database.name + end) for end in _BESIDE)):
        if laid_by_others(path):
            raise DatabaseError(
                f"{path} was put there by somebody else, in a folder in which everybody may write: "
                "name a folder of your own in database.url."
            )


def laid_by_others(path: Path) -> bool:
    """Whether neither we nor root nor the folder's owner made it, in a folder in which everybody may write."""
    if sys.platform == "win32" or not (path.exists() or path.is_symlink()):
        return False
    folder = path.parent.stat()
    return open_to_all(path.parent) and path.lstat().st_uid not in (0, os.geteuid(), folder.st_uid)


def open_to_all(folder: Path) -> bool:
    """Whether everybody may write into a folder."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)


_BESIDE = (".lock", "-wal", "-shm", "-journal")


def _ways_to(database: Path) -> Iterator[Path]:
    """The file, and every folder above it: each may be a link."""
    path = database.absolute()
    yield path
    yield from path.parents
