"""Who signed a copied post: a name and a role near its beginning, told from paragraphs by how they look."""

from __future__ import annotations

import re

from bot.model import Author

_PARTICLE = r"(?:al|and|bin|da|de|del|der|di|el|la|le|van|von|&)"
_CAPITALISED = r"[^\W\d_a-zà-öø-ÿ][\w'’-]*\.?"
_NAME = re.compile(rf"{_CAPITALISED}(?:,? (?:{_CAPITALISED}|{_PARTICLE})){{1,7}}")
_LONGEST_ROLE = 120
_SENTENCE_ENDS = tuple('.!?:;"”…')
_MARKS = re.compile(r"(?:Image|Media|Video|Audio) (?:source|caption)|[•▪◦‣·]")


def signed(blocks: list[list[str]], *, apart: bool) -> tuple[tuple[Author, ...], list[list[str]]]:
    """Return the authors, and the blocks without them.

    Name and role stand on two lines of one block, before the body or below a subheadline; where they are `apart`,
    as the older renderer has them, in two blocks at the very beginning.
    """
    if apart:
        lone = [block[0] for block in blocks[:2] if len(block) == 1]
        if len(lone) == 2 and _is_signature(*lone):
            return (Author(*lone),), blocks[2:]
        return (), blocks
    for at, block in enumerate(blocks[:2]):
        pairs = list(zip(block[::2], block[1::2], strict=False))
        if len(block) % 2 == 0 and all(_is_signature(name, role) for name, role in pairs):
            return tuple(Author(name, role) for name, role in pairs), blocks[:at] + blocks[at + 1 :]
    return (), blocks


def _is_signature(name: str, role: str) -> bool:
    if _MARKS.search(name) or _MARKS.search(role):
        return False
    is_role = len(role) <= _LONGEST_ROLE and not role.endswith(_SENTENCE_ENDS) and not role.startswith(('"', "“"))
    return is_role and bool(_NAME.fullmatch(name))
