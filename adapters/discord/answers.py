"""Answers to commands and presses: seen by their sender only, for the fifteen minutes in which Discord takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord.http import Route

from bot.languages import N_, _
from bot.ports import Done, OptionKind, Outcome, Suggestion

from .api import done
from .cut import shortened
from .rest import Rest

_EPHEMERAL = discord.MessageFlags(ephemeral=True).value
_SAID, _DEFERRED, _DEFERRED_UPDATE, _SUGGESTED, _FORM = 4, 5, 6, 8, 9
_MOST_CHOICES, _LONGEST_CHOICE = 25, 100
_HIDDEN = N_("That channel is not there any more, or you cannot see it.")
_ELSEWHERE = N_("I post only in servers that I was added to, and in private chats with me. Send me the command there.")
_OUTDATED = N_("That button is of an earlier version of this bot. Give the command again, for example /list.")


async def defer(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Tell Discord that we are at it: it waits three seconds for this, and then fifteen minutes for the answer."""
    return await _call_back(rest, interaction, {"type": _DEFERRED, "data": {"flags": _EPHEMERAL}})


async def defer_press(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Say so after a press. What only its sender sees will be changed in place; before others it stays as it is."""
    if interaction.message is not None and interaction.message.flags.ephemeral:
        return await _call_back(rest, interaction, {"type": _DEFERRED_UPDATE})
    return await defer(rest, interaction)


async def open_form(rest: Rest, interaction: discord.Interaction[Any], form: dict[str, Any]) -> Outcome:
    """Show a form; Discord takes that as the first answer only."""
    return await _call_back(rest, interaction, {"type": _FORM, "data": form})


async def show_suggestions(
    rest: Rest, interaction: discord.Interaction[Any], found: Sequence[Suggestion], kind: OptionKind
) -> Outcome:
    """Show what may be typed; what does not fit the option, or into Discord's menu, is left out."""
    fitting = (each for each in found if each.label and 1 <= len(each.value) <= _LONGEST_CHOICE)
    if kind == "integer":
        drawn = [_choice(each.label, int(each.value)) for each in fitting if each.value.isdecimal()]
    else:
        drawn = [_choice(each.label, each.value) for each in fitting]
    told = {"type": _SUGGESTED, "data": {"choices": drawn[:_MOST_CHOICES]}}
    return await _call_back(rest, interaction, told)


def _choice(label: str, value: str | int) -> dict[str, str | int]:
    return {"name": shortened(label, _LONGEST_CHOICE), "value": value}


async def say_outdated(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Answer the press of a button that means nothing to us."""
    return await _say(rest, interaction, _(_OUTDATED))


async def say_elsewhere(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Answer what was given where the bot cannot post."""
    return await _say(rest, interaction, _(_ELSEWHERE))


async def _say(rest: Rest, interaction: discord.Interaction[Any], content: str) -> Outcome:
    """Answer at once, for the sender's eyes only."""
    return await _call_back(rest, interaction, {"type": _SAID, "data": {"content": content, "flags": _EPHEMERAL}})


async def say_hidden(rest: Rest, interaction: discord.Interaction[Any]) -> Outcome:
    """Answer, beside what stands there, a command about a channel that is not there for whoever gave it."""
    reply_to = f"{interaction.application_id}/{interaction.token}"
    aside = interaction.type is discord.InteractionType.component
    return await answer(rest, reply_to, [_(_HIDDEN)], [], aside=aside)


async def _call_back(rest: Rest, interaction: discord.Interaction[Any], told: dict[str, Any]) -> Outcome:
    route = _route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", interaction.id, interaction.token)
    return await done("reply", rest.request(route, json=told))


async def answer(
    rest: Rest, reply_to: str, contents: list[str], rows: list[dict[str, Any]], *, aside: bool = False
) -> Outcome:
    """Answer what was deferred, in as many messages as it takes, `rows` of components under the last.

    `aside`: beside the message that was pressed, not in its place. Gone where the fifteen minutes are over.
    """
    application, _, token = reply_to.partition("/")
    original = _route("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", application, token)
    further = _route("POST", "/webhooks/{webhook_id}/{webhook_token}", application, token)
    outcome: Outcome = Done()
    for number, content in enumerate(contents):
        said = _words(content, rows if number == len(contents) - 1 else [])
        if not number and not aside:
            outcome = await done("reply", rest.request(original, json=said))
        elif isinstance(outcome, Done):
            outcome = await done("reply", rest.request(further, json={**said, "flags": _EPHEMERAL}))
    return outcome


def _words(content: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"content": content, "components": rows, "allowed_mentions": discord.AllowedMentions.none().to_dict()}


def _route(method: str, path: str, webhook_id: int | str, token: str) -> Route:
    return Route(method, path, webhook_id=webhook_id, webhook_token=token)
