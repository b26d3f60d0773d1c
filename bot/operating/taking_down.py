"""`liverelay takedown`: what was asked for, done, and said."""

from __future__ import annotations

from datetime import datetime

from ..errors import UsageError
from ..store import takedown
from ..store.engine import Database
from ..urls import canonical_url


async def take_down(database: Database, url: str, now: datetime) -> str:
    """Take an entry or a page down and say what that means. Raises UsageError where neither is known."""
    async with database.write() as connection:
        done = await takedown.take_down(connection, url, canonical_url(url), now)
    if done is None:
        raise UsageError(f"Nothing was ever read under {url}: copy the address from a message or `liverelay sources`.")
    what = f"The page and its {_counted(done.entries, 'entry', 'entries')}" if done.whole else "The entry"
    more = " The page is not asked for any more, and nobody can follow it." if done.whole else ""
    return f"{what} will be gone from {_counted(done.deliveries, 'place', 'places')} in chats within moments.{more}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
