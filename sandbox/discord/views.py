"""Bots, guilds, channels and messages as Discord's JSON shows them; ids are strings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from . import rights
from .guilds import FORUM, REPLY, SUPPRESS_EMBEDS, Account, Bot, Channel, Guild, Message

PERSON_LOCALE = "en-US"


def time(moment: datetime) -> str:
    """Return a moment as Discord writes it."""
    return moment.isoformat(timespec="microseconds")


def user(account: Account) -> dict[str, Any]:
    """Return a user."""
    return {
        "id": str(account.id),
        "username": account.name.lower().replace(" ", "."),
        "avatar": None,
        "discriminator": "0000" if account.is_bot else "0",
        "public_flags": 0,
        "flags": 0,
        "bot": account.is_bot,
        "banner": None,
        "accent_color": None,
        "global_name": None if account.is_bot else account.name,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def me(bot: Bot) -> dict[str, Any]:
    """Return the user that a bot is to itself."""
    return {
        **user(bot.account),
        "mfa_enabled": True,
        "locale": PERSON_LOCALE,
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def application(bot: Bot, owner: Account, guilds: int) -> dict[str, Any]:
    """Return a bot's application."""
    return {
        "id": str(bot.id),
        "name": bot.account.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(bot.account),
        "summary": "",
        "rpc_origins": [],
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(owner),
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def role(number: int, name: str, permissions: int, position: int, bot: Bot | None = None) -> dict[str, Any]:
    """Return a role; `bot` is whose own role it is."""
    body = {
        "id": str(number),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bot is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return {**body, "tags": {"bot_id": str(bot.id)}} if bot else body


def roles(guild: Guild, bots: Iterable[Bot]) -> list[dict[str, Any]]:
    """Return a guild's roles: everybody's, the admins', and one of its own for each bot."""
    admin = rights.EVERYBODY | rights.bits("MANAGE_GUILD", "MANAGE_MESSAGES", "MANAGE_CHANNELS")
    shown = [role(guild.id, "@everyone", rights.EVERYBODY, 0), role(guild.admin_role, "admins", admin, 1)]
    for position, bot in enumerate(bots, start=2):
        shown.append(role(bot.role_in(guild), bot.account.name, guild.rights, position, bot))
    return shown


def overwrites(guild: Guild, bots: Iterable[Bot]) -> list[dict[str, Any]]:
    """Return a channel's overwrites, by which each bot has exactly the guild's `rights` there."""
    denied = rights.ALL & ~guild.rights
    told = {"type": 0, "allow": str(guild.rights & rights.ALL), "deny": str(denied)}
    return [{"id": str(bot.role_in(guild)), **told} for bot in bots]


def channel(shown: Channel, bots: Iterable[Bot]) -> dict[str, Any]:
    """Return a channel or a thread."""
    if shown.parent:
        return thread(shown)
    guild = shown.guild
    last = max(shown.messages, default=None)
    body: dict[str, Any] = {
        "id": str(shown.id),
        "type": shown.type,
        "flags": 0,
        "guild_id": str(guild.id),
        "name": shown.name,
        "position": 0,
        "last_message_id": str(last) if last else None,
        "parent_id": None,
        "rate_limit_per_user": 0,
        "topic": None,
        "permission_overwrites": overwrites(guild, bots),
        "nsfw": False,
    }
    if shown.type == FORUM:
        body |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        body |= {"default_forum_layout": 0, "default_thread_rate_limit_per_user": 0}
    return body


def thread(shown: Channel) -> dict[str, Any]:
    """Return a thread."""
    assert shown.parent is not None
    said = [message for message in shown.messages.values() if message.id != shown.id]
    last = max(shown.messages, default=None)
    return {
        "id": str(shown.id),
        "type": shown.type,
        "flags": 0,
        "guild_id": str(shown.guild.id),
        "name": shown.name,
        "parent_id": str(shown.parent.id),
        "owner_id": str(shown.owner),
        "last_message_id": str(last) if last else None,
        "rate_limit_per_user": 0,
        "thread_metadata": {
            "archived": shown.archived,
            "archive_timestamp": time(shown.made_at),
            "auto_archive_duration": shown.auto_archive_minutes,
            "locked": shown.locked,
            "create_timestamp": time(shown.made_at),
        },
        "message_count": len(said),
        "member_count": 1,
        "total_message_sent": len(said) + len(shown.deleted),
        "applied_tags": [],
    }


def partial_channel(shown: Channel, permissions: int, bots: Iterable[Bot]) -> dict[str, Any]:
    """Return a channel as an interaction names it, with what the person may there."""
    return {**channel(shown, bots), "permissions": str(permissions)}


def member(bot_or_person: Account, roles_held: Iterable[int], joined: datetime) -> dict[str, Any]:
    """Return a member of a guild."""
    return {
        "user": user(bot_or_person),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(held) for held in roles_held],
        "joined_at": time(joined),
        "premium_since": None,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def guild(shown: Guild, bots: list[Bot]) -> dict[str, Any]:
    """Return a guild as GET /guilds/{id} does."""
    return {
        "id": str(shown.id),
        "name": shown.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": ["COMMUNITY"],
        "banner": None,
        "owner_id": str(shown.owner.id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": roles(shown, bots),
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": PERSON_LOCALE,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def my_guild(shown: Guild) -> dict[str, Any]:
    """Return a guild as GET /users/@me/guilds does."""
    return {
        "id": str(shown.id),
        "name": shown.name,
        "icon": None,
        "banner": None,
        "owner": False,
        "permissions": str(shown.rights),
        "features": ["COMMUNITY"],
    }


def created_guild(shown: Guild, bots: list[Bot], seen_by: Bot) -> dict[str, Any]:
    """Return a guild as GUILD_CREATE tells it to one of its bots; archived threads are left out."""
    channels = list(shown.channels.values())
    joined = shown.made_at + timedelta(seconds=1)
    return {
        **guild(shown, bots),
        "joined_at": time(joined),
        "large": False,
        "unavailable": False,
        "member_count": len(bots) + len(shown.admins) + 1,
        "voice_states": [],
        "members": [member(seen_by.account, [seen_by.role_in(shown)], joined)],
        "channels": [channel(one, bots) for one in channels if not one.parent],
        "threads": [thread(one) for one in channels if one.parent and not one.archived],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(shown: Message) -> dict[str, Any]:
    """Return a message. Its nonce is only in the answer to the request that sent it."""
    body: dict[str, Any] = {
        "id": str(shown.id),
        "channel_id": str(shown.channel.id),
        "type": shown.type,
        "content": shown.content,
        "author": user(shown.author),
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": shown.attachments,
        "embeds": [] if shown.flags & SUPPRESS_EMBEDS else shown.embeds,
        "components": shown.components,
        "timestamp": time(shown.sent_at),
        "edited_timestamp": time(shown.edited_at) if shown.edited_at else None,
        "flags": shown.flags,
        "pinned": shown.pinned_at is not None,
        "tts": shown.tts,
    }
    if shown.application_id:
        body |= {"application_id": str(shown.application_id), "webhook_id": str(shown.application_id)}
    if shown.interaction:
        body["interaction_metadata"] = shown.interaction
    return body | _relations(shown)


def sent_message(shown: Message) -> dict[str, Any]:
    """Return a message as the gateway tells it."""
    return {**message(shown), "guild_id": str(shown.channel.guild.id)}


def read_message(shown: Message) -> dict[str, Any]:
    """Return a message as history shows it to a bot without the message content intent: what people wrote is blank."""
    return message(shown) if shown.author.is_bot else {**message(shown), "content": ""}


def _relations(shown: Message) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if shown.reference:
        body["message_reference"] = shown.reference
        original = shown.channel.messages.get(int(shown.reference.get("message_id", 0)))
        if shown.type == REPLY:
            body["referenced_message"] = message(original) if original and not original.reference else None
    if shown.thread:
        body["thread"] = thread(shown.thread)
    return body
