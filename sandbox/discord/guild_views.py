"""Guilds as Discord's JSON shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .guilds import Bot, Guild
from .views import channel, member, roles, thread, time


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
        "preferred_locale": shown.locale,
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


def created_guild(shown: Guild, bots: list[Bot], seen_by: Bot, *, joined: bool) -> dict[str, Any]:
    """Return a guild as GUILD_CREATE tells it to one of its bots, which knew of it from READY or has just `joined`."""
    channels = list(shown.channels.values())
    since = shown.made_at + timedelta(seconds=1)
    return {
        **guild(shown, bots),
        **({} if joined else {"unavailable": False}),
        "joined_at": time(since),
        "large": False,
        "member_count": len(bots) + len(shown.admins) + 1,
        "voice_states": [],
        "members": [member(seen_by.account, [seen_by.role_in(shown)], since)],
        "channels": [channel(one, bots) for one in channels if not one.parent],
        "threads": [thread(one) for one in channels if one.parent and not one.archived],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
