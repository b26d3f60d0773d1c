"""What people do with a bot's answers: they press buttons, choose from menus, fill forms, and wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from . import message_views
from .guilds import Channel, Message
from .interactions import Interaction
from .people import PATIENCE, answers, payload, replies, somebody
from .state import Discord

COMMAND, PRESS, SUBMIT = 2, 3, 5
_BUTTON, _MENU, _INPUT = 2, 3, 4


async def press(discord: Discord, channel: Channel, user: str, label: str, message: Message | None = None) -> list[str]:
    """Press the newest button, or choose the menu's option, that says `label`; return what stands there then.

    A form that opens is no answer. `message` is one that others can see. Raises ValueError where nothing says so.
    """
    person = discord.world.person(user)
    seen = [message] if message else [one for _, one in discord.interactions.seen_by(person)]
    for shown in (one for one in seen if one.channel is channel):
        for told in _pressable(shown.components, label):
            return await _do(discord, channel, user, told, shown=shown, bot=shown.author.id)
    raise ValueError(f"{user} sees nothing there that says {label}")


def boxes(discord: Discord, user: str) -> list[dict[str, Any]]:
    """Return the boxes of the form that is open for a person. Raises ValueError where none is open."""
    return [label["component"] for label in _form(discord, user)[1]["components"]]


def _form(discord: Discord, user: str) -> tuple[Interaction, dict[str, Any]]:
    opener = discord.interactions.newest(discord.world.person(user))
    if opener is None or opener.form is None:
        raise ValueError(f"no form is open for {user}")
    return opener, opener.form


async def submit(discord: Discord, channel: Channel, user: str, typed: str) -> list[str]:
    """Type into the form that the person's newest press or command opened. Raises ValueError where none is open."""
    opener, form = _form(discord, user)
    label = form["components"][0]
    box = {"type": _INPUT, "id": 2, "custom_id": label["component"]["custom_id"], "value": typed}
    told = {"custom_id": form["custom_id"], "components": [{"type": label["type"], "id": 1, "component": box}]}
    return await _do(discord, channel, user, told, shown=opener.pressed, bot=opener.bot.id, opener=opener)


async def _do(
    discord: Discord,
    channel: Channel,
    user: str,
    told: dict[str, Any],
    *,
    shown: Message | None,
    bot: int,
    opener: Interaction | None = None,
) -> list[str]:
    """Tell a bot of a press, or of a form that was sent; `shown` is what was pressed, None for a command's own form.

    `opener` is what opened the form.
    """
    changed = asyncio.Event()
    await somebody(discord, channel)
    begun = _tell(discord, channel, user, told, shown=shown, bot=bot, form=opener is not None, changed=changed)
    begun.opener = opener
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await _answered(begun, changed)
    return replies(begun)


def forge(
    discord: Discord, channel: Channel, user: str, told: dict[str, Any], message: Message | None, *, form: bool = False
) -> Interaction:
    """Tell the bot whose `message` it is of a press, or of a `form`, that nobody was ever offered; nothing is awaited.

    Without a message it is a command, of whichever bot is there.

    Discord itself lets through only what stands on the message, by people who see it, and forms that were opened for
    them; what is refused here is refused a second time.
    """
    changed = asyncio.Event()
    bot = message.author.id if message else next(discord.world.connected(channel.guild)).bot.id
    begun = _tell(discord, channel, user, told, shown=message, bot=bot, form=form, changed=changed)
    begun.opener = replace(begun, type=PRESS) if form else None
    return begun


def _tell(
    discord: Discord,
    channel: Channel,
    user: str,
    told: dict[str, Any],
    *,
    shown: Message | None,
    bot: int,
    form: bool,
    changed: asyncio.Event,
) -> Interaction:
    session = next(one for one in discord.world.connected(channel.guild) if one.bot.id == bot)
    person, number = discord.world.person(user), discord.world.ids.next()
    begun = discord.interactions.open(number, session.bot, channel, person, changed.set)
    begun.type, begun.pressed = SUBMIT if form else PRESS if shown else COMMAND, shown
    message = {"message": message_views.message(shown)} if shown else {}
    session.put("INTERACTION_CREATE", {**payload(discord, begun, told), **message})
    return begun


async def _answered(begun: Interaction, changed: asyncio.Event) -> None:
    """A press may be acknowledged first, and what it pressed changed later."""
    while not begun.answered:
        changed.clear()
        await changed.wait()
    if begun.form is None and begun.original is begun.pressed:
        changed.clear()
        await changed.wait()
    await answers([begun], changed)


def _pressable(components: list[dict[str, Any]], label: str) -> Iterator[dict[str, Any]]:
    for one in components:
        yield from _pressable(one.get("components") or [], label)
        told = {"custom_id": one.get("custom_id"), "component_type": one["type"], "id": one["id"]}
        if one["type"] == _BUTTON and one.get("label") == label:
            yield told
        for option in one.get("options") or []:
            if one["type"] == _MENU and option["label"] == label:
                yield {**told, "values": [option["value"]]}
