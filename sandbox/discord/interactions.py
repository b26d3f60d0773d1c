"""Slash commands under way: the three seconds for the first answer, the fifteen minutes for the rest."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ..clock import Now
from .guilds import Account, Bot, Channel, Message
from .refusal import refuse

ACK_WITHIN = timedelta(seconds=3)
TOKEN_LIVES = timedelta(minutes=15)
_KEPT = 1000


@dataclass(slots=True, eq=False)
class Interaction:
    """One command, press or form of one person; `messages` are the bot's answers, the original one first.

    `type` is Discord's: 2 a command, 3 a press, 4 a command being typed, 5 a form; `pressed` the message that was
    pressed; `form` what the bot opened, `opener` what opened the form that this one sends; `asked_for` the option for
    which it is to suggest something, and `suggested` what it did.
    """

    id: int
    token: str
    bot: Bot
    channel: Channel
    user: Account
    made_at: datetime
    changed: Callable[[], None]
    type: int = 2
    pressed: Message | None = None
    opener: Interaction | None = None
    answered: bool = False
    form: dict[str, Any] | None = None
    asked_for: dict[str, Any] = field(default_factory=dict)
    suggested: list[dict[str, Any]] | None = None
    original: Message | None = None
    messages: dict[int, Message] = field(default_factory=dict)


class Interactions:
    """The newest interactions by token."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._open: dict[str, Interaction] = {}

    def reset(self) -> None:
        """Forget all: every token is unknown."""
        self._open.clear()

    def open(self, number: int, bot: Bot, channel: Channel, user: Account, changed: Callable[[], None]) -> Interaction:
        """Begin an interaction; `changed` is called at every answer."""
        interaction = Interaction(number, secrets.token_urlsafe(64), bot, channel, user, self._now(), changed)
        self._open[interaction.token] = interaction
        if len(self._open) > _KEPT:
            del self._open[next(iter(self._open))]
        return interaction

    def seen_by(self, user: Account) -> Iterator[tuple[Interaction, Message]]:
        """Return the answers to what a person did, newest first."""
        for interaction in reversed(self._open.values()):
            if interaction.user is user:
                yield from ((interaction, message) for message in reversed(interaction.messages.values()))

    def newest(self, user: Account) -> Interaction | None:
        """Return what a person did last."""
        return next((one for one in reversed(self._open.values()) if one.user is user), None)

    def unanswered(self, number: str, token: str) -> Interaction:
        """Return the interaction that waits for its first answer. Raises Refusal (10062, 40060)."""
        interaction = self._open.get(token)
        if interaction is None or str(interaction.id) != number:
            raise refuse(404, 10062)
        if interaction.answered:
            raise refuse(400, 40060)
        if self._now() - interaction.made_at > ACK_WITHIN:
            raise refuse(404, 10062)
        return interaction

    def answered(self, application: str, token: str) -> Interaction:
        """Return the interaction that can have further answers. Raises Refusal (10015, 50027)."""
        interaction = self._open.get(token)
        if interaction is None or str(interaction.bot.id) != application or not interaction.answered:
            raise refuse(404, 10015)
        if self._now() - interaction.made_at > TOKEN_LIVES:
            raise refuse(401, 50027)
        return interaction
