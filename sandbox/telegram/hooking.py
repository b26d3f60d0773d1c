"""setWebhook, deleteWebhook, getWebhookInfo."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from . import views
from .access import Servers
from .decode import Asked
from .refusal import bad, too_many
from .webhooks import Webhook, check_url

LONGEST_SECRET, MOST_CONNECTIONS, USUAL_CONNECTIONS = 256, 100, 40
APART = timedelta(seconds=1)


async def set_webhook(servers: Servers, asked: Asked) -> Any:
    """Bring the bot's updates to an address; no address takes the webhook away.

    A webhook that is refused leaves the bot without any. Once a second is the most, as the server has it.
    """
    now = servers.world.now()
    if asked.bot.hooked_at and now - asked.bot.hooked_at < APART:
        raise too_many(1)
    asked.bot.hooked_at = now
    _check_secret(asked.words("secret_token"))
    _allow(asked)
    if asked.flag("drop_pending_updates"):
        asked.bot.updates.clear()
    await servers.webhooks.remove(asked.bot)
    if url := asked.words("url"):
        check_url(url)
        most = min(max(asked.number("max_connections", USUAL_CONNECTIONS), 1), MOST_CONNECTIONS)
        webhook = Webhook(url, asked.words("secret_token"), most, certificate=bool(asked.values.get("certificate")))
        await servers.webhooks.set(asked.bot, webhook)
        asked.bot.updates.interrupt("terminated by setWebhook request")
    return True


async def delete_webhook(servers: Servers, asked: Asked) -> Any:
    """Take the webhook away, so that getUpdates works."""
    await servers.webhooks.remove(asked.bot)
    if asked.flag("drop_pending_updates"):
        asked.bot.updates.clear()
    return True


async def get_webhook_info(servers: Servers, asked: Asked) -> Any:
    """Tell where updates are brought to, and how that goes."""
    webhook = servers.webhooks.of(asked.bot)
    waiting = {"pending_update_count": len(asked.bot.updates)}
    if webhook is None:
        return {"url": "", "has_custom_certificate": False, **waiting}
    told = {"url": webhook.url, "has_custom_certificate": webhook.certificate, **waiting}
    told["max_connections"] = webhook.max_connections
    if allowed := asked.bot.updates.asked_for:
        told["allowed_updates"] = allowed
    if webhook.failed_at:
        told["last_error_date"] = views.unix(webhook.failed_at)
        told["last_error_message"] = webhook.failure
    return told


def _check_secret(secret: str) -> None:
    if len(secret) > LONGEST_SECRET:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")


def _allow(asked: Asked) -> None:
    allowed = asked.values.get("allowed_updates")
    if allowed is not None:
        if not isinstance(allowed, list):
            raise bad("can't parse allowed updates JSON object")
        asked.bot.updates.allow([str(kind) for kind in allowed])
