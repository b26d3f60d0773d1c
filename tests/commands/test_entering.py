"""Who may use the bot, and who may change things."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.commands import CommandLimits
from bot.model import User
from bot.store.access import LetIn
from bot.store.engine import Database

from ..rows import PAGE
from .world import ANNA, BORIS, CODE, World

PRIVATE: dict[str, Any] = {"chat": "1", "chat_kind": "private"}


async def test_a_stranger_gets_one_sentence_that_says_how_to_get_in(closed: World) -> None:
    assert (await closed.say("/list")).startswith("Nobody owns this bot yet. If you run it, send /claim")
    await closed.say(f"/claim {CODE}")
    assert await closed.say("/list", BORIS) == (
        "This bot is private. Its owner can let this chat in by sending /allow here."
    )
    assert await closed.say("/list", User("3", "Vera"), chat="3", chat_kind="private") == (
        "This bot is private. Ask its owner to let you in; they send me: /allow 3"
    )


async def test_a_strangers_page_is_not_even_looked_at(closed: World) -> None:
    await closed.say(f"/subscribe {PAGE}", BORIS)
    assert closed.looked_at == []


@pytest.mark.parametrize("command", [f"/start {CODE}", f"/claim {CODE}"])
async def test_the_first_with_the_code_owns_the_bot(closed: World, command: str) -> None:
    assert (await closed.say(command, **PRIVATE)).startswith("This bot is yours now.")
    assert "belongs to Anna already" in await closed.say(command, BORIS, chat="2", chat_kind="private")
    assert (await closed.say(f"/subscribe {PAGE}", chat="-300")).startswith("Following")


async def test_a_wrong_code_claims_nothing(closed: World) -> None:
    assert "not the claim code" in await closed.say("/claim guess")
    assert "not the claim code" in await closed.say("/claim")
    assert "Nobody owns this bot yet" in await closed.say("/start guess")


async def test_nobody_in_particular_can_own_the_bot(closed: World) -> None:
    assert "I cannot see who you are" in await closed.say(f"/claim {CODE}", User("-100", "Desk"))


async def test_the_owner_lets_a_chat_in_and_out_again(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    assert (await closed.say("/allow")).startswith("Everybody in that chat may use this bot now")
    assert "Following" in await closed.say(f"/subscribe {PAGE}", BORIS, thread="9")
    assert "may no longer use" in await closed.say("/deny")
    assert "This bot is private" in await closed.say("/list", BORIS)


async def test_the_owner_lets_a_user_in_and_out_again(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    assert await closed.say("/allow 2") == "User 2 may use this bot now."
    assert "I mirror live pages" in await closed.say("/start", BORIS, chat="2", chat_kind="private")
    assert "may no longer use" in await closed.say("/deny <@2>")
    assert "was not let in" in await closed.say("/deny 2")


async def test_a_channel_is_let_in_by_its_id_from_elsewhere(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    channel: dict[str, Any] = {"user": User("-500", "Channel"), "chat": "-500", "chat_kind": "channel"}
    assert "send me /allow -500 in private" in await closed.say("/list", **channel)
    await closed.say("/allow -500", **PRIVATE)
    assert "Following" in await closed.say(f"/subscribe {PAGE}", **channel)


async def test_only_the_owner_lets_in(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    await closed.say("/allow")
    assert await closed.say("/allow 3", BORIS) == "Only the owner of this bot can use /allow."


async def test_the_owner_is_asked_whom_where_there_is_nobody_else(closed: World) -> None:
    await closed.say(f"/claim {CODE}", **PRIVATE)
    assert "Whom?" in await closed.say("/allow", **PRIVATE)
    assert "is no id" in await closed.say("/allow Boris", **PRIVATE)


async def test_whoever_types_into_the_programs_terminal_may_do_everything(closed: World) -> None:
    assert "Following" in await closed.say(f"/subscribe {PAGE}", User("terminal"), platform="terminal")
    assert "may use this bot now" in await closed.say("/allow 5", User("terminal"), platform="terminal")


@pytest.mark.parametrize("command", [f"subscribe {PAGE}", "unsubscribe", "pause", "resume", "filter kyiv"])
async def test_only_admins_change_what_a_chat_gets_and_the_refusal_says_so(world: World, command: str) -> None:
    said = await world.say(f"/{command}", BORIS, is_admin=False)
    assert said.startswith(f"Only the admins of this chat can use /{command.split(maxsplit=1)[0]}. Ask one of them")
    assert world.looked_at == []


async def test_everybody_in_an_open_chat_may_read(world: World) -> None:
    await world.say(f"/subscribe {PAGE}", ANNA)
    assert "Storm" in await world.say("/list", BORIS, is_admin=False)
    assert "/subscribe" in await world.say("/help", BORIS, is_admin=False)


async def test_a_stranger_is_told_once_a_day_and_then_left_alone(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    assert "This bot is private" in await closed.say("/list", BORIS)
    assert await closed.say("/list", BORIS) == await closed.say("/start", BORIS, chat="2", chat_kind="private") == ""
    assert "This bot is private" in await closed.say("/list", User("3", "Vera"))
    closed.clock.advance(hours=24)
    assert "This bot is private" in await closed.say("/list", BORIS)


async def test_where_every_command_waits_for_its_answer_a_stranger_always_gets_it(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    closed.chats[0].can = replace(closed.chats[0].can, answers_aside=True)
    for _ in range(2):
        assert "This bot is private" in await closed.say("/list", BORIS)


async def test_the_owner_lets_a_server_in_and_out_again(closed: World) -> None:
    await closed.say(f"/claim {CODE}")
    assert (await closed.say("/allow server", server="77")).startswith("Everybody in that server may use this bot now")
    assert "Following" in await closed.say(f"/subscribe {PAGE}", BORIS, chat="5", server="77")
    assert "This bot is private" in await closed.say("/list", BORIS, chat="6", server="78")
    assert "may no longer use" in await closed.say("/deny server", server="77")
    assert "was not let in" in await closed.say("/deny server 77", **PRIVATE)
    assert "Which server?" in await closed.say("/allow server", **PRIVATE)
    await closed.say("/allow server 78", **PRIVATE)
    closed.clock.advance(days=1)
    assert "follows nothing" in await closed.say("/list", BORIS, chat="6", server="78")


@pytest.mark.parametrize(
    "chosen", [LetIn(users=frozenset("2")), LetIn(chats=frozenset(["-100"])), LetIn(servers=frozenset(["77"]))]
)
async def test_the_settings_let_in_users_chats_and_servers(database: Database, chosen: LetIn) -> None:
    world = World(database, CommandLimits(let_in=chosen))
    await world.say(f"/claim {CODE}")
    assert "follows nothing" in await world.say("/list", BORIS, server="77")
    assert "This bot is private" in await world.say("/list", User("3", "Vera"), chat="-300", server="78")
