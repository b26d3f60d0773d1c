"""Which message a bot sent with which nonce, for the few minutes in which Discord remembers that."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..clock import Now
from .guilds import Bot, Message
from .refusal import refuse

WINDOW = timedelta(minutes=3)
"""Discord says "the past few minutes" and no number; a client that relies on more finds out here."""


class Nonces:
    """Unique over all that a bot sends, in whichever channel."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._sent: dict[tuple[int, str], tuple[datetime, Message]] = {}

    def reset(self) -> None:
        """Forget every nonce."""
        self._sent.clear()

    def earlier(self, bot: Bot, nonce: str | int) -> Message | None:
        """Return the message that already has this nonce. Raises Refusal if that has been deleted since."""
        sent_at, message = self._sent.get((bot.id, str(nonce)), (None, None))
        if message is None or sent_at is None or self._now() - sent_at > WINDOW:
            return None
        if message.id not in message.channel.messages:
            raise refuse(404, 10008)
        return message

    def keep(self, bot: Bot, nonce: str | int, message: Message) -> None:
        """Remember a nonce, and forget those that are too old."""
        now = self._now()
        while self._sent and now - next(iter(self._sent.values()))[0] > WINDOW:
            del self._sent[next(iter(self._sent))]
        self._sent.pop((bot.id, str(nonce)), None)
        self._sent[bot.id, str(nonce)] = now, message
