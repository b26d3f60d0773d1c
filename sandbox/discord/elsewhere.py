"""Where a bot is not, but an interaction can come from all the same: a server that it is in no more, chats of people.

Discord's documentation ("Interaction Contexts"): an app that a person installed for themselves can be used in every
server (context 0) and in chats between people (context 2), where it answers and may do nothing else; context 1 is the
private chat with the bot. Without a server there is a `user` in place of the `member`. Discord itself lets commands be
given only in the contexts with which they were registered; what comes from here all the same is forged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from . import message_views, rights, views
from .guilds import TEXT, Channel, Guild, Message
from .interactions import Interaction
from .people import payload
from .pressing import COMMAND, PRESS, SUBMIT
from .state import Discord

Kind = Literal["foreign", "group", "people", "private"]
"""A server without the bot, a chat of several people, one of two people, the private chat with the bot."""
_ALONE, _SEVERAL = 1, 3
_OF_A_SERVER = ("guild_id", "guild", "guild_locale", "member")


def forge(discord: Discord, kind: Kind, user: str, told: dict[str, Any], type_: int = COMMAND) -> Interaction:
    """Tell the bot that is connected of a command, press or form given elsewhere; nothing is awaited.

    Whoever gives it runs that place, so that nothing but the place speaks against it.
    """
    world = discord.world
    session = next(one for one in world.sessions.values() if one.deliver)
    person = world.person(user)
    guild = Guild(world.ids.next(), "Elsewhere", person, [person], rights.ALL, world.now(), barred=True)
    channel = Channel(world.ids.next(), guild, TEXT, "elsewhere", "Elsewhere", world.now())
    begun = discord.interactions.open(world.ids.next(), session.bot, channel, person, _unheard)
    begun.type = type_
    if type_ in (PRESS, SUBMIT):
        begun.pressed = Message(world.ids.next(), channel, session.bot.account, world.now(), "Press me")
        channel.messages[begun.pressed.id] = begun.pressed
    if type_ == SUBMIT:
        begun.opener = replace(begun, type=PRESS)
    session.put("INTERACTION_CREATE", _placed(payload(discord, begun, told), kind, begun))
    return begun


def _placed(told: dict[str, Any], kind: Kind, begun: Interaction) -> dict[str, Any]:
    """Return an interaction as it is told where it was given."""
    person = views.user(begun.user)
    message = {"message": message_views.message(begun.pressed)} if begun.pressed else {}
    told = {**told, **message, "app_permissions": str(rights.ALL)}
    if kind == "foreign":
        return {**told, "authorizing_integration_owners": {"1": person["id"]}}
    alone, ours = kind in ("people", "private"), kind == "private"
    channel = {"id": told["channel_id"], "type": _ALONE if alone else _SEVERAL, "flags": 0, "last_message_id": None}
    if not alone:
        channel |= {"name": "Friends", "icon": None, "owner_id": person["id"]}
    return {
        **{name: value for name, value in told.items() if name not in _OF_A_SERVER},
        "channel": {**channel, "recipients": [person]},
        "user": person,
        "context": 1 if ours else 2,
        "authorizing_integration_owners": {"0": "0"} if ours else {"1": person["id"]},
    }


def _unheard() -> None:
    """Nobody waits for the answers."""
