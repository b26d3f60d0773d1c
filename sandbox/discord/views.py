"""Bots, people, roles and channels as Discord's JSON shows them; ids are strings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from . import rights
from .guilds import FORUM, REQUIRES_TAG, Account, Bot, Channel, Guild


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
        "locale": bot.account.locale,
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


def role(
    number: int, name: str, permissions: int, position: int, bot: Bot | None = None, *, mentionable: bool = False
) -> dict[str, Any]:
    """Return a role; `bot` is whose own role it is, `mentionable`: everybody may call its people."""
    body = {
        "id": str(number),
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": bot is not None,
        "mentionable": mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return {**body, "tags": {"bot_id": str(bot.id)}} if bot else body


def roles(guild: Guild, bots: Iterable[Bot]) -> list[dict[str, Any]]:
    """Return a guild's roles: everybody's, the admins', one of its own for each bot, and those that people made."""
    admin = rights.EVERYBODY | rights.bits("MANAGE_GUILD", "MANAGE_MESSAGES", "MANAGE_CHANNELS")
    shown = [role(guild.id, "@everyone", rights.EVERYBODY, 0), role(guild.admin_role, "admins", admin, 1)]
    for position, bot in enumerate(bots, start=2):
        shown.append(role(bot.role_in(guild), bot.account.name, guild.rights, position, bot))
    made = (role(one.id, one.name, 0, len(shown), mentionable=one.mentionable) for one in guild.roles)
    return [*shown, *made]


def overwrites(shown: Channel, bots: Iterable[Bot]) -> list[dict[str, Any]]:
    """Return a channel's overwrites, by which each bot has exactly its `rights` there, and some people see nothing."""
    given = shown.guild.rights if shown.rights is None else shown.rights
    told = {"type": 0, "allow": str(given & rights.ALL), "deny": str(rights.ALL & ~given)}
    unseen = {"type": 1, "allow": "0", "deny": str(rights.bits("VIEW_CHANNEL"))}
    of_people = [{"id": str(person.id), **unseen} for person in shown.hidden_from]
    return [*({"id": str(bot.role_in(shown.guild)), **told} for bot in bots), *of_people]


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
        "permission_overwrites": overwrites(shown, bots),
        "nsfw": False,
    }
    if shown.type == FORUM:
        body |= {"available_tags": shown.tags, "default_reaction_emoji": None, "default_sort_order": None}
        body["flags"] = REQUIRES_TAG if shown.tags_required else 0
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
            "archive_timestamp": time(shown.archived_at or shown.made_at),
            "auto_archive_duration": shown.auto_archive_minutes,
            "locked": shown.locked,
            "create_timestamp": time(shown.made_at),
        },
        "message_count": len(said),
        "member_count": 1,
        "total_message_sent": len(said) + len(shown.deleted),
        "applied_tags": shown.applied_tags,
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
