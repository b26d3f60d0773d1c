"""Opening the database and transacting on it: one writer behind a lock on SQLite, a pool on PostgreSQL.

SQLite is used as measured to be safe (docs/architecture.md, "The database"): WAL, synchronous=FULL, transactions
that begin as BEGIN IMMEDIATE, one writing connection, readers that cannot write, and a lock file that only one
process holds.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..errors import DatabaseError
from . import files

if sys.platform != "win32":
    import fcntl

# What SQLite and PostgreSQL say, and what it means to the operator.
_SENTENCES = (
    ("disk is full", "the disk is full; free some space and start again, nothing recorded is lost"),
    ("no space left", "the disk is full; free some space and start again, nothing recorded is lost"),
    ("readonly database", "it cannot be written to; check the rights of the file and of its folder"),
    ("read-only", "it cannot be written to; check the rights of the file and of its folder"),
    ("malformed", "the file is damaged; restore the last backup (docs/operating.md, Backup)"),
    ("not a database", "the file is not a database; restore the last backup or name another file"),
    ("unable to open", "the file cannot be opened; check that its folder exists and who may write there"),
    ("disk i/o error", "the disk failed; check it before you start again"),
    ("is locked", "another program holds it; stop that program"),
)

Timed = Callable[[Literal["read", "write"]], AbstractContextManager[object]]
"""Measures what is done inside of its block."""


class Database:
    """The one way to the tables. Use as `async with Database(url) as database`; always closed, or aiosqlite hangs.

    `beside`: a running LiveRelay may have it open. Nothing is made, and no lock file is held; transactions take turns.
    `timed` measures transactions.
    """

    def __init__(self, url: str, *, beside: bool = False, timed: Timed = nullcontext) -> None:
        given = make_url(url)
        self.is_sqlite = given.get_backend_name() == "sqlite"
        self.url = given.set(drivername="sqlite+aiosqlite") if self.is_sqlite else _for_asyncpg(given)
        self._writing = asyncio.Lock()
        self._lock_file: IO[str] | None = None
        self._writer: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None
        self._beside = beside
        self._timed = timed
        self.exclusive = False

    @property
    def name(self) -> str:
        """The database as an operator knows it; without a password."""
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The file; None on PostgreSQL."""
        return Path(self.url.database or "liverelay.db") if self.is_sqlite else None

    async def __aenter__(self) -> Self:
        try:
            with self.failing_kindly():
                self._open()
                async with self.read() as connection:
                    await connection.execute(text("SELECT 1"))
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _open(self) -> None:
        if self.path is None:
            self._writer = self._reader = create_async_engine(self.url, pool_size=10, pool_pre_ping=True)
            return
        files.refuse_laid(self.path)
        if self._beside:
            self._must_be_there(self.path)
        else:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock(self.path)
            with contextlib.suppress(OSError):  # what follows says better what is wrong
                os.close(files.opened(self.path.resolve()))
        # What cannot be opened fails here: aiosqlite would leave a thread behind that outlives the event loop.
        sqlite3.connect(self.path).close()
        self._writer = _sqlite(self.url, readers=0)
        self._reader = _sqlite(self.url, readers=4)

    def _must_be_there(self, path: Path) -> None:
        if not path.exists():
            raise DatabaseError(f"There is no database {path} yet: `liverelay run` makes it.")

    def _lock(self, path: Path) -> None:
        """Hold `<file>.lock` as long as this process lives; the system lets go of it however the process ends."""
        if sys.platform == "win32":  # there a restart waits for the lease of the process before it
            return
        self._lock_file = os.fdopen(files.opened(lock_of(path)), "w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError(f"The database {path} is in use by another LiveRelay; stop that one first.") from error
        self.exclusive = True

    @staticmethod
    def is_held(path: Path) -> bool:
        """Whether a program that runs holds a database file."""
        lock = lock_of(path)
        if sys.platform == "win32" or not lock.is_file():
            return False
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may change things: committed at the end of the block, undone if it raises."""
        assert self._writer is not None, "the database is not open"
        with self.failing_kindly(), self._timed("write"):
            if self.is_sqlite:
                async with self._writing, self._writer.begin() as connection:
                    yield connection
            else:
                async with self._writer.begin() as connection:
                    yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A view of what is committed; keep it short."""
        assert self._reader is not None, "the database is not open"
        with self.failing_kindly(), self._timed("read"):
            async with self._reader.connect() as connection:
                yield connection

    async def checkpoint(self) -> None:
        """Give the space of SQLite's write-ahead log back to the disk; it must not be in a transaction for that."""
        if self.path is None:
            return
        assert self._writer is not None, "the database is not open"
        with self.failing_kindly():
            async with self._writing, self._writer.connect() as connection:
                bare = (await connection.get_raw_connection()).driver_connection
                assert bare is not None
                await (await bare.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()

    @contextlib.contextmanager
    def failing_kindly(self) -> Any:
        """Turn what an operator can mend into one DatabaseError; let our own mistakes through as they are."""
        try:
            yield
        except (DBAPIError, sqlite3.Error, OSError) as error:
            said = str(getattr(error, "orig", None) or error).lower()
            for word, sentence in _SENTENCES:
                if word in said:
                    raise DatabaseError(f"The database {self.name}: {sentence}.") from error
            if isinstance(error, OSError) or getattr(error, "connection_invalidated", False):
                raise DatabaseError(f"The database {self.name} cannot be reached: {_first_line(error)}.") from error
            raise

    async def close(self) -> None:
        """Close every connection and let go of the lock; safe to call twice."""
        engines = {engine for engine in (self._reader, self._writer) if engine is not None}
        self._reader = self._writer = None
        for engine in engines:
            await engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None


def lock_of(path: Path) -> Path:
    """Return the lock file of a database; whichever link leads to it, there is one."""
    real = path.resolve()
    return real.with_name(real.name + ".lock")


def _for_asyncpg(url: URL) -> URL:
    """Return the address as asyncpg takes it: hosting platforms give libpq's `sslmode`, which it calls `ssl`."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")


def _sqlite(url: URL, *, readers: int) -> AsyncEngine:
    """An engine on the file: with `readers` connections that cannot write, or (0) the one that does."""
    engine = create_async_engine(
        url,
        pool_size=readers or 1,
        max_overflow=0,
        connect_args={"isolation_level": None, "timeout": 10},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        mode = "query_only=ON" if readers else "journal_mode=WAL"
        try:
            cursor = connection.cursor()
            for pragma in ("foreign_keys=ON", "busy_timeout=10000", "synchronous=FULL", "temp_store=MEMORY", mode):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            # The pool forgets a connection that it could not prepare; its thread would outlive the event loop.
            connection.close()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if readers else "BEGIN IMMEDIATE")

    @event.listens_for(engine.sync_engine, "invalidate")
    def undo(connection: Any, _record: object, _error: object) -> None:
        # A task that is cancelled in the middle of a statement leaves it unfinished: SQLite then keeps the connection
        # that is closed under it, and with it the lock. Undone here, the transaction ends before that.
        with contextlib.suppress(sqlite3.Error, ValueError):
            connection.rollback()

    return engine
