"""How a bot answers a slash command: callback, the original answer, follow-ups."""

from __future__ import annotations

from typing import Any

from . import message_views, views
from .check_commands import MOST_CHOICES, choice_problems
from .check_components import Problem, form
from .check_message import EDIT_KEYS, WEBHOOK_KEYS, check, refuse_empty
from .content import attachments, components, embeds
from .guilds import COMMAND_ANSWER, EPHEMERAL, LOADING, REPLY, SETTABLE, Message
from .interactions import Interaction
from .messages import change
from .refusal import malformed, refuse
from .state import Answer, Asked, Discord

SAY, DEFER, DEFER_UPDATE, SUGGEST, OPEN_FORM = 4, 5, 6, 8, 9
COMMAND, PRESS, TYPING, SUBMIT = 2, 3, 4, 5


def callback(discord: Discord, asked: Asked) -> Answer:
    """POST /interactions/{interaction_id}/{interaction_token}/callback: the first answer, once, within 3 seconds."""
    interaction = discord.interactions.unanswered(asked.path["interaction_id"], asked.path["interaction_token"])
    body = asked.body if isinstance(asked.body, dict) else {}
    data: Any = body.get("data") or {}
    if body.get("type") not in _TAKEN[interaction.type]:
        sentence = f"This stand-in takes {_TAKEN[interaction.type]} here."
        raise malformed([(("type",), "BASE_TYPE_CHOICES", sentence)])
    if body["type"] in (DEFER_UPDATE, OPEN_FORM, SUGGEST):
        return _without_a_message(interaction, body["type"], data)
    check(data, WEBHOOK_KEYS, files=len(asked.files))
    if body["type"] == SAY:
        refuse_empty(data, files=len(asked.files))
    interaction.original = _say(discord, interaction, asked, data)
    interaction.original.type = COMMAND_ANSWER
    if body["type"] == DEFER:
        interaction.original.flags |= LOADING
    interaction.answered = True
    _published(discord, interaction, interaction.original)
    if asked.query.get("with_response", "").lower() not in ("1", "true"):
        return 204, None
    return 200, _response(interaction, interaction.original)


_TAKEN = {
    COMMAND: (SAY, DEFER, OPEN_FORM),
    PRESS: (SAY, DEFER, DEFER_UPDATE, OPEN_FORM),
    TYPING: (SUGGEST,),
    SUBMIT: (SAY, DEFER),
}
"""What may answer a command, a press, a command that is being typed, and a form."""


def _without_a_message(interaction: Interaction, kind: int, data: dict[str, Any]) -> Answer:
    """Take suggestions, a form to be shown, or the word that the pressed message itself will be changed."""
    if kind == SUGGEST:
        interaction.suggested = _suggested(interaction, data)
    elif kind == OPEN_FORM:
        if problems := list(form(data)):
            raise malformed(problems)
        interaction.form = data
    elif interaction.pressed:
        interaction.original = interaction.pressed
        interaction.messages[interaction.pressed.id] = interaction.pressed
    interaction.answered = True
    interaction.changed()
    return 204, None


def _suggested(interaction: Interaction, data: dict[str, Any]) -> list[dict[str, Any]]:
    choices = data.get("choices")
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        raise malformed([(("data", "choices"), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")])
    wrong: list[Problem] = []
    if len(choices) > MOST_CHOICES:
        wrong.append((("data", "choices"), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_CHOICES} or fewer in length."))
    kind = interaction.asked_for.get("type")
    for number, choice in enumerate(choices):
        wrong += choice_problems(choice, kind, ("data", "choices", number))
    if wrong:
        raise malformed(wrong)
    return choices


def _response(interaction: Interaction, original: Message) -> dict[str, Any]:
    told = {
        "id": str(interaction.id),
        "type": interaction.type,
        "response_message_id": str(original.id),
        "response_message_loading": bool(original.flags & LOADING),
        "response_message_ephemeral": bool(original.flags & EPHEMERAL),
        "channel_id": str(interaction.channel.id),
        "guild_id": str(interaction.channel.guild.id),
    }
    return {"interaction": told, "resource": {"type": SAY, "message": message_views.message(original)}}


def follow_up(discord: Discord, asked: Asked) -> Answer:
    """POST /webhooks/{webhook_id}/{webhook_token}: after a deferral the first one becomes the original answer."""
    interaction = discord.interactions.answered(asked.path["webhook_id"], asked.path["webhook_token"])
    check(asked.body, WEBHOOK_KEYS, files=len(asked.files))
    refuse_empty(asked.body, files=len(asked.files))
    original = interaction.original
    if original and original.flags & LOADING:
        return _fill(discord, interaction, original, asked)
    message = _say(discord, interaction, asked, asked.body)
    message.type = REPLY
    _published(discord, interaction, message)
    return 200, message_views.message(message)


def read(discord: Discord, asked: Asked) -> Answer:
    """GET /webhooks/{webhook_id}/{webhook_token}/messages/{message_id} or @original."""
    return 200, message_views.message(_find(discord, asked)[1])


def edit(discord: Discord, asked: Asked) -> Answer:
    """PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id} or @original."""
    interaction, message = _find(discord, asked)
    check(asked.body, EDIT_KEYS, files=len(asked.files), flags=message.flags)
    return _fill(discord, interaction, message, asked)


def delete(discord: Discord, asked: Asked) -> Answer:
    """DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id} or @original."""
    interaction, message = _find(discord, asked)
    del interaction.messages[message.id]
    if message.id in message.channel.messages:
        discord.world.delete_message(message)
    return 204, None


def _fill(discord: Discord, interaction: Interaction, message: Message, asked: Asked) -> Answer:
    waiting = bool(message.flags & LOADING)
    change(discord, message, asked)
    if waiting:
        message.flags &= ~LOADING
        message.edited_at = None
    if not message.flags & EPHEMERAL:
        discord.world.tell(message.channel.guild, "MESSAGE_UPDATE", message_views.sent_message(message))
    interaction.changed()
    return 200, message_views.message(message)


def _find(discord: Discord, asked: Asked) -> tuple[Interaction, Message]:
    interaction = discord.interactions.answered(asked.path["webhook_id"], asked.path["webhook_token"])
    number = asked.path.get("message_id")
    original = interaction.original.id if interaction.original else 0
    message = interaction.messages.get(int(number) if number and number.isdecimal() else original)
    if message is None:
        raise refuse(404, 10008)
    return interaction, message


def _say(discord: Discord, interaction: Interaction, asked: Asked, said: dict[str, Any]) -> Message:
    """Make an answer, which needs none of the bot's rights in the channel."""
    world, channel = discord.world, interaction.channel
    message = Message(world.ids.next(), channel, interaction.bot.account, world.now())
    message.content = (said.get("content") or "").strip()
    message.embeds = embeds(said.get("embeds"))
    message.components = components(said.get("components"))
    message.attachments = attachments(world.ids.next, channel.id, asked.files)
    message.flags = (said.get("flags") or 0) & (SETTABLE | EPHEMERAL)
    message.tts = bool(said.get("tts"))
    message.application_id = interaction.bot.id
    message.interaction = _metadata(interaction)
    interaction.messages[message.id] = message
    return message


def _metadata(interaction: Interaction) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": str(interaction.id),
        "type": interaction.type,
        "user": views.user(interaction.user),
        "authorizing_integration_owners": {"0": str(interaction.channel.guild.id)},
    }
    if interaction.type == PRESS and interaction.pressed:
        told["interacted_message_id"] = str(interaction.pressed.id)
    if interaction.opener:
        told["triggering_interaction_metadata"] = _metadata(interaction.opener)
    return told


def _published(discord: Discord, interaction: Interaction, message: Message) -> None:
    """Put an answer into the channel, unless it is for one person's eyes only."""
    if not message.flags & EPHEMERAL:
        message.channel.messages[message.id] = message
        discord.world.tell(message.channel.guild, "MESSAGE_CREATE", message_views.sent_message(message))
    interaction.changed()
