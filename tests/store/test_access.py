"""Who may use an installation."""

from __future__ import annotations

from bot.model import User
from bot.store import access
from bot.store.engine import Database

from ..rows import NOON, address

ANNA, BORIS = User("1", "Anna"), User("2", "Boris")


async def test_the_first_to_claim_owns_it_and_nobody_after(database: Database) -> None:
    async with database.write() as connection:
        assert await access.owner(connection, "telegram") is None
        assert await access.claim(connection, "telegram", ANNA, NOON)
        assert not await access.claim(connection, "telegram", BORIS, NOON)
        assert await access.claim(connection, "telegram", ANNA, NOON)
        assert await access.owner(connection, "telegram") == ANNA
        assert await access.owner(connection, "discord") is None


async def test_a_stranger_is_let_in_by_name_or_with_the_chat(database: Database) -> None:
    async with database.write() as connection:
        assert not await access.is_allowed(connection, address(), BORIS)
        await access.allow(connection, "telegram", "chat", "-100", now=NOON)
        assert await access.is_allowed(connection, address(thread="4"), BORIS)
        assert not await access.is_allowed(connection, address("-200"), BORIS)
        await access.allow(connection, "telegram", "user", BORIS.id, now=NOON)
        assert await access.is_allowed(connection, address("-200"), BORIS)
        assert not await access.is_allowed(connection, address("-200", platform="discord"), BORIS)


async def test_somebody_without_an_id_is_never_let_in_by_name(database: Database) -> None:
    async with database.write() as connection:
        await access.allow(connection, "telegram", "user", "", now=NOON)
        assert not await access.is_allowed(connection, address(), User(""))


async def test_what_was_given_can_be_taken_back_but_not_from_the_owner(database: Database) -> None:
    async with database.write() as connection:
        await access.claim(connection, "telegram", ANNA, NOON)
        await access.allow(connection, "telegram", "user", ANNA.id, now=NOON)
        await access.allow(connection, "telegram", "user", BORIS.id, now=NOON)
        assert await access.deny(connection, "telegram", "user", BORIS.id)
        assert not await access.deny(connection, "telegram", "user", BORIS.id)
        assert not await access.deny(connection, "telegram", "user", ANNA.id)
        assert await access.owner(connection, "telegram") == ANNA
