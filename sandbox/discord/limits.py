"""Discord's rate limits as its headers tell them: buckets per route and major parameter, and one for the whole bot.

Five messages in five seconds per channel is what Discord's headers say today (it promises no number); 50 requests a
second per bot are documented, and interactions are exempt from those (PLATFORMS 4.2).
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ..clock import Now
from .refusal import Refusal

GLOBAL, GLOBAL_WINDOW = 50, 1.0
INVALID, INVALID_WINDOW = 10_000, 600.0
OLD_MESSAGE = timedelta(hours=1)
WRITES = "The write action you are performing on the channel has hit the write rate limit."


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls within so many seconds."""

    calls: int
    seconds: float


_RATES = {
    ("POST", "/channels/{channel_id}/messages"): Rate(5, 5.0),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"): Rate(5, 5.0),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"): Rate(5, 1.0),
    ("POST", "/channels/{channel_id}/messages/{message_id}/crosspost"): Rate(10, 3600.0),
    ("PUT", "/channels/{channel_id}/pins/{message_id}"): Rate(5, 4.0),
    ("DELETE", "/channels/{channel_id}/pins/{message_id}"): Rate(5, 4.0),
}
_OTHERS, _OLD_EDITS, _PUBLISHED_EDITS = Rate(50, 1.0), Rate(3, 6.0), Rate(3, 3600.0)
_RATIONED = {"OLD": _OLD_EDITS, "PUBLISHED": _PUBLISHED_EDITS}
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")
Key = tuple[int, str, str, str]


@dataclass(slots=True)
class _Window:
    rate: Rate
    used: int
    ends: float


class Limits:
    """Counts what each bot did. Refused calls do not count in their bucket, but as invalid requests."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self.reset()

    def reset(self) -> None:
        """Forget what was counted, and every pause."""
        self.enforced = True
        self._windows: dict[Key, _Window] = {}
        self._bots: dict[int, deque[float]] = defaultdict(deque)
        self._invalid: deque[float] = deque()
        self._pauses: dict[Key | int, float] = {}

    def count(self, key: Key) -> dict[str, str]:
        """Count a call and return the headers that tell what is left. Raises Refusal (429)."""
        now, bot = self._now().timestamp(), key[0]
        if not self.enforced:
            return {}
        if bot:  # interactions have no token and are exempt
            self._count_globally(bot, now)
        window = self._window(key, now)
        paused = self._pauses.get(key, now) - now
        if paused > 0 or window.used >= window.rate.calls:
            wait = max(paused, window.ends - now if window.used >= window.rate.calls else 0.0)
            raise too_many(wait, self._headers(key, window, now))
        window.used += 1
        return self._headers(key, window, now)

    def count_old_edit(self, bot: int, channel: int) -> None:
        """Count an edit of a message that is older than an hour. Raises Refusal (429, code 30046)."""
        now = self._now().timestamp()
        window = self._window((bot, "OLD", "edits", str(channel)), now)
        if self.enforced and window.used >= _OLD_EDITS.calls:
            said = "Maximum number of edits to messages older than 1 hour reached. Try again later"
            raise too_many(window.ends - now, {}, said, 30046)
        window.used += 1

    def count_published_edit(self, bot: int, message: int) -> None:
        """Count an edit of a message that was published: about three an hour. Raises Refusal (429, code 20028).

        As discord-api-docs #6109 shows it: the scope is shared, and the Retry-After header is far too short.
        """
        now = self._now().timestamp()
        window = self._window((bot, "PUBLISHED", "edits", str(message)), now)
        if self.enforced and window.used >= _PUBLISHED_EDITS.calls:
            raise too_many(window.ends - now, {}, WRITES, 20028, shared=True)
        window.used += 1

    def pause(self, key: Key | int, seconds: float) -> None:
        """Refuse a bucket's calls, or all calls of a bot, for so long."""
        self._pauses[key] = (self._now() + timedelta(seconds=seconds)).timestamp()

    def note_invalid(self, status: int, scope: str) -> None:
        """Count answers that Cloudflare takes as a sign of abuse; a limit that others share is nobody's abuse."""
        if status in (401, 403) or (status == 429 and scope != "shared"):
            self._invalid.append(self._now().timestamp())

    def is_banned(self) -> bool:
        """Whether there were too many invalid requests: then Cloudflare answers, not Discord."""
        since = self._now().timestamp() - INVALID_WINDOW
        while self._invalid and self._invalid[0] <= since:
            self._invalid.popleft()
        return self.enforced and len(self._invalid) >= INVALID

    def _count_globally(self, bot: int, now: float) -> None:
        calls = self._bots[bot]
        while calls and calls[0] <= now - GLOBAL_WINDOW:
            calls.popleft()
        full = calls[0] + GLOBAL_WINDOW - now if len(calls) >= GLOBAL else 0.0
        wait = max(full, self._pauses.get(bot, now) - now)
        if wait > 0:
            raise too_many(wait, {}, everywhere=True)
        calls.append(now)

    def _window(self, key: Key, now: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            rate = _RATIONED.get(key[1]) or _RATES.get((key[1], key[2]), _OTHERS)
            window = self._windows[key] = _Window(rate, 0, now + rate.seconds)
        return window

    def _headers(self, key: Key, window: _Window, now: float) -> dict[str, str]:
        left = max(0.0, window.ends - now)
        return {
            "X-RateLimit-Limit": str(window.rate.calls),
            "X-RateLimit-Remaining": str(max(0, window.rate.calls - window.used)),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(f"{key[1]} {key[2]}".encode(), usedforsecurity=False).hexdigest(),
        }


def key_of(bot: int, method: str, route: str, path: Mapping[str, str]) -> Key:
    """Return the bucket of a call: its route, and whichever channel, guild or webhook it concerns."""
    shared = route.replace("/messages/pins", "/pins")
    return bot, method, shared, "/".join(path[name] for name in _MAJOR if name in path)


def too_many(
    wait: float,
    headers: Mapping[str, str],
    said: str = "You are being rate limited.",
    code: int = 0,
    *,
    everywhere: bool = False,
    shared: bool = False,
) -> Refusal:
    """Return a 429 as Discord words it; `shared`: a limit of the channel or the message, whoever used it up."""
    wait = math.ceil(wait * 1000) / 1000
    body = {"message": said, "retry_after": wait, "global": everywhere, "code": code}
    scope = "global" if everywhere else "shared" if shared else "user"
    after = 1 if shared else max(1, math.ceil(wait))
    told = {**headers, "Retry-After": str(after), "X-RateLimit-Scope": scope}
    return Refusal(429, body, {**told, "X-RateLimit-Global": "true"} if everywhere else told)
