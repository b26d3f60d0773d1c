"""What `liverelay check` says: what `run` would do with these settings, and what is missing for it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from .settings import Settings


def report(settings: Settings, file: Path | None) -> list[str]:
    """Return the lines to print. Connects to nothing; a relay without any token works, in the terminal."""
    telegram, discord = settings.telegram.token.get_secret_value(), settings.discord.token.get_secret_value()
    lines = [
        f"Settings: {file or 'the defaults'}",
        f"Database: {_database(settings)}",
        _platform("Telegram", telegram, settings.telegram.api_url, "telegram.token: ask @BotFather for one"),
        _platform("Discord", discord, settings.discord.api_url, "discord.token: see README, Going live"),
        "Access: open to everybody"
        if settings.access.open
        else "Access: closed; the first to send the claim code "
        "that is printed at start owns the bot and lets others in",
        f"Polling: every {settings.poll.min_interval:g} to {settings.poll.max_interval:g} s, as a page changes",
    ]
    if telegram and settings.telegram.webhook_url:
        here = settings.telegram.webhook_listen
        lines.append(f"Telegram's webhook: would listen on {here} for what comes to {settings.telegram.webhook_url}")
    if settings.websub.public_url:
        here = f"{settings.websub.host}:{settings.websub.port}"
        lines.append(f"WebSub: would listen on {here} for hubs that call {settings.websub.public_url}")
    if settings.health.listen:
        lines.append(f"Health and metrics: would listen on {settings.health.listen}")
    if settings.fetch.allow_private:
        lines.append("Warning: fetch.allow_private lets anyone who may subscribe reach this machine's own network.")
    if not settings.fetch.contact:
        lines.append("Missing: fetch.contact, an address at which publishers can reach you (recommended).")
    if not (telegram or discord):
        lines.append("Without a token `liverelay run URL` relays to the terminal only.")
    return lines


def _platform(name: str, token: str, api_url: str, how: str) -> str:
    return f"{name}: would connect to {api_url}" if token else f"{name}: off; missing {how}"


def _database(settings: Settings) -> str:
    url = make_url(settings.database.url)
    if not url.drivername.startswith("sqlite"):
        return url.render_as_string(hide_password=True)
    path = Path(url.database or "")
    return f"{path} ({'exists' if path.exists() else 'will be made'})"
