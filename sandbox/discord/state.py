"""One Discord: what exists, and one request to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .gateway import Gateways
from .guilds import Bot
from .interactions import Interactions
from .limits import Limits
from .nonces import Nonces
from .refusal import unauthorized
from .world import World


@dataclass(frozen=True, slots=True)
class Discord:
    """The state that requests work on."""

    world: World
    nonces: Nonces
    interactions: Interactions
    limits: Limits
    gateways: Gateways


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    size: int
    kind: str


@dataclass(slots=True)
class Asked:
    """A request: who asks (None without a token), the route's template and its values, the JSON body, uploads."""

    method: str
    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    bot: Bot | None = None
    body: Any = None
    files: list[Upload] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def sender(self) -> Bot:
        """The bot that asks. Raises Refusal."""
        if self.bot is None:
            raise unauthorized()
        return self.bot


Answer = tuple[int, Any]
"""An HTTP status and the JSON body; None for no body."""
