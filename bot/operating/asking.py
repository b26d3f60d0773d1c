"""Asking the platforms whether they let the bots in: one call each, which changes nothing. No token in what is said."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

_WITHIN = aiohttp.ClientTimeout(total=15)
_SAYS_NO = {401, 403, 404}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a platform answered: why not (`problem`, one sentence), or as whom, at which time by its own clock.

    `webhook`: Telegram brings updates to an address.
    """

    problem: str = ""
    bot: str = ""
    date: datetime | None = None
    webhook: bool = False


async def ask_telegram(api_url: str, token: str) -> Asked:
    """Return what Telegram says to the token."""
    base = f"{api_url.rstrip('/')}/bot{token}"
    asked, me = await _ask("Telegram", f"{base}/getMe", {})
    if asked.problem:
        return asked
    _, webhook = await _ask("Telegram", f"{base}/getWebhookInfo", {})
    name = _inside(me, "result", "username")
    return replace(asked, bot=f"@{name}" if name else "", webhook=bool(_inside(webhook, "result", "url")))


async def ask_discord(api_url: str, token: str) -> Asked:
    """Return what Discord says to the token."""
    headers = {"Authorization": f"Bot {token}"}
    asked, _ = await _ask("Discord", f"{api_url.rstrip('/')}/gateway/bot", headers)
    if asked.problem:
        return asked
    _, me = await _ask("Discord", f"{api_url.rstrip('/')}/users/@me", headers)
    return replace(asked, bot=str(_inside(me, "username") or ""))


async def _ask(platform: str, url: str, headers: dict[str, str]) -> tuple[Asked, Any]:
    try:
        async with (
            aiohttp.ClientSession(timeout=_WITHIN) as client,
            client.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            body = await answer.read()
            return _heard(platform, answer.status, answer.headers.get("Date", "")), _parsed(body)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        # Its own words may hold the address, and the address the token.
        why = f"{platform} cannot be reached ({type(error).__name__}): is this machine online, and the api_url right?"
        return Asked(why), None


def _heard(platform: str, status: int, date: str) -> Asked:
    if status in _SAYS_NO:
        return Asked(f"{platform} does not accept the token: set {platform.lower()}.token to a valid one.")
    if status != 200:
        return Asked(f"{platform} answers with HTTP status {status}: try again later.")
    return Asked(date=_moment(date))


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _inside(told: Any, *names: str) -> Any:
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told
