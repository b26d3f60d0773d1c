"""What the model asks of a chat: no more than whoever reads the page could know."""

from __future__ import annotations

import random

from sandbox.clock import utc_now
from sandbox.page import LivePage
from sandbox.platform import Shown

from .paper import Paper


def a_paper(posts: int) -> Paper:
    paper = Paper(LivePage("live", utc_now), random.Random(1))
    for _ in range(posts):
        paper._publish(whole=True)
    return paper


def shown(*numbers: int) -> tuple[Shown, ...]:
    return tuple(
        Shown(str(at), f"Post {number}: v0", (), edited=False, pinned=False, silent=False, sent_at=utc_now())
        for at, number in enumerate(numbers)
    )


def test_posts_come_in_the_order_in_which_they_were_published() -> None:
    paper = a_paper(3)
    assert paper.judge(shown(1, 2, 3)) == []
    assert paper.judge(shown(3, 1, 2)) == ["the order is ['Post 3', 'Post 1', 'Post 2']"]


def test_posts_that_may_have_been_seen_first_on_half_a_page_come_in_any_order() -> None:
    """Seed 83: three posts were published whole, and the first look that succeeded brought the newest alone."""
    paper = a_paper(4)
    paper.cut(paper.names(shown(1, 2)))
    assert paper.judge(shown(1, 2, 4, 3)) == []
    assert paper.judge(shown(2, 4, 1, 3)) == ["the order is ['Post 2', 'Post 1']"]
