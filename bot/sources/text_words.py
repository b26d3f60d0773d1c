"""What the lines of a copied post say, and what stands before the posts.

    Emma Pengelly                            two lines together at the start: a name and a role
    BBC Verify journalist

    A street in the rainImage source, EPA    a picture: what it shows, glued to its credit
    Image caption,

    The caption stands below

Links cannot be seen, only the ", external" that they leave behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.model import Entry, Flag
from bot.richtext import RichText

from .text_authors import signed
from .text_content import BULLETED, CLIP, Content, clean
from .text_posts import Post
from .times import told_time

_POSTED = re.compile(r"Posted at \d{1,2}:\d{2}.{0,40}")
_FURNITURE = frozenset(
    (
        "this video can not be played",
        "to play this video you need to enable javascript in your browser.",
        "article share tools",
        "view more share options",
        "share this post",
        "copy this link",
        "read more about these links.",
    )
)
_SURROUNDINGS = re.compile(
    r"summary|live reporting|live|share|get involved|all times stated are uk|(?:edited|written) by .*"
    r"|.*\blicen[cs]e\b.*|find out more",
    re.IGNORECASE,
)
_FLAGS: dict[str, Flag] = {"breaking": "breaking", "breaking news": "breaking", "pinned": "pinned"}
_OLDER_LABELS = frozenset(("analysis", "get involved", "watch", "listen", "explainer", "fact check", *_FLAGS))
"""What the older renderer is known to say above a headline, where the text does not tell one from the other."""


def to_entry(post: Post, url: str, fetched_at: datetime) -> Entry:
    """Return what a copied post says; without a key."""
    blocks = list(_blocks(post.lines))
    told, blocks = _told(post, blocks)
    label, headline, blocks = _heading(post, blocks)
    authors, blocks = signed(blocks, apart=not post.told)
    content = Content(blocks, ends_in_picture=post.followed and bool(post.lines) and bool(post.lines[-1].strip()))
    flags = {_FLAGS[label.lower()]} if label.lower() in _FLAGS else set()
    return Entry(
        key="",
        headline=clean(headline) if headline and headline != "Post" else None,
        body=RichText(content.text),
        published_at=told_time(told, fetched_at) if told else None,
        url=url,
        authors=authors,
        label=label if label and not flags else None,
        images=tuple(content.images),
        clips=tuple(content.clips),
        flags=frozenset(flags | {"breaking"} if post.breaking else flags),
    )


def summary_points(before: Sequence[str]) -> tuple[RichText, ...]:
    """Return the points that stand under "Summary"; one alone may stand there without a bullet."""
    words = [line.strip() for line in before]
    starts = [at for at, word in enumerate(words) if word.lower() == "summary"]
    lines = words[starts[-1] + 1 :] if starts else []
    points = [bullet["item"] for line in lines if (bullet := BULLETED.fullmatch(line))]
    blocks = list(_blocks(lines))
    if not points and len(blocks) == 1 and len(blocks[0]) == 1 and not CLIP.fullmatch(alone := blocks[0][0]):
        points = [] if _SURROUNDINGS.fullmatch(alone) else [alone]
    return tuple(RichText(clean(point)) for point in points if clean(point))


def title(before: Sequence[str]) -> str | None:
    """Return the page's heading, where a single line stands above what surrounds the posts; else None."""
    lines = [line.strip() for line in before]
    until = next((at for at, line in enumerate(lines) if _SURROUNDINGS.fullmatch(line)), len(lines))
    told = [line for line in lines[:until] if line]
    return told[0] if len(told) == 1 else None


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Return the lines that stand together, without what only works in a browser."""
    block: list[str] = []
    for line in (*lines, ""):
        words = line.strip()
        if words and words.lower() not in _FURNITURE:
            block.append(words)
        elif not words and block:
            yield block
            block = []


def _told(post: Post, blocks: list[list[str]]) -> tuple[str, list[list[str]]]:
    """Return the words of the post's time, which the older renderer may have let be copied as a line below."""
    if not post.told and blocks and len(blocks[0]) == 1 and _POSTED.fullmatch(blocks[0][0]):
        return blocks[0][0], blocks[1:]
    return post.told, blocks


def _heading(post: Post, blocks: list[list[str]]) -> tuple[str, str, list[list[str]]]:
    """Return label and headline, and the blocks below them."""
    if not post.told and post.headline.lower() in _OLDER_LABELS and blocks and len(blocks[0]) == 1:
        return post.headline, blocks[0][0], blocks[1:]
    return post.label, post.headline, blocks
