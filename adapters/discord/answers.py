"""Answers to a slash command: seen by its sender only, for the fifteen minutes in which Discord takes them."""

from __future__ import annotations

from typing import Any

import discord
from discord.http import Route

from bot.ports import Done, Outcome

from .api import done
from .rest import Rest

_EPHEMERAL = discord.MessageFlags(ephemeral=True).value
_DEFERRED = 5


async def defer(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Tell Discord that we are at it: it waits three seconds for this, and then fifteen minutes for the answer."""
    route = _route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", interaction.id, interaction.token)
    return await done("reply", rest.request(route, json={"type": _DEFERRED, "data": {"flags": _EPHEMERAL}}))


async def answer(rest: Rest, reply_to: str, contents: list[str]) -> Outcome:
    """Answer what was deferred, in as many messages as it takes. Gone where the fifteen minutes are over."""
    application, _, token = reply_to.partition("/")
    original = _route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", application, token)
    further = _route("POST", "/webhooks/{webhook_id}/{webhook_token}", application, token)
    outcome = await done("reply", rest.request(original, json=_words(contents[0])))
    for content in contents[1:]:
        if isinstance(outcome, Done):
            outcome = await done("reply", rest.request(further, json={**_words(content), "flags": _EPHEMERAL}))
    return outcome


def _words(content: str) -> dict[str, Any]:
    return {"content": content, "allowed_mentions": discord.AllowedMentions.none().to_dict()}


def _route(method: str, path: str, webhook_id: int | str, token: str) -> Route:
    return Route(method, path, webhook_id=webhook_id, webhook_token=token)
