"""Live-blog platforms that an article may embed: where their own answers are to be had, told by the article's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import arena, live24, sourcefabric, tickaroo, wordpress
from .document import Document


@dataclass(frozen=True, slots=True)
class LiveBlogPlatform:
    """A platform; `embedded` returns the address of the API for the live blog that a page embeds."""

    name: str
    embedded: Callable[[Document], str | None]


PLATFORMS = tuple(
    LiveBlogPlatform(module.NAME, module.embedded) for module in (wordpress, sourcefabric, live24, arena, tickaroo)
)


def embedded(document: Document) -> dict[str, str]:
    """Return the address of the API for each live blog that a page embeds and that we read, by its platform."""
    found = {platform.name: platform.embedded(document) for platform in PLATFORMS}
    return {name: address for name, address in found.items() if address}
