"""A running story, as a newsroom has it: what every reader's pages are made of, and what may happen between polls.

A post can be recognised wherever it is read: its number stands in its headline and its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import escape

from bot.model import Entry

BEGIN = datetime(2025, 7, 1, 10, tzinfo=UTC)
NOW = datetime(2025, 7, 1, 16, tzinfo=UTC)
_NUMBER = re.compile(r"№(\d+)")
# Words enough that two posts are not alike, and that an edit of a few of them leaves a post recognisable.
_TELLING = """
    gull heron pier fog buoy sail wind tide harbour crew leg jury protest anchor rope mast hull keel deck chart bell
    lamp flag horn drum pump tar net oar plank rudder tiller winch cleat shroud stay boom jib spar galley
"""
_WORDS = _TELLING.split()


@dataclass(frozen=True, slots=True)
class Post:
    """One post: when it was published and edited, in minutes since BEGIN; `deleted`: it was taken back."""

    number: int
    at: int
    headline: str
    words: str
    edited: int | None = None
    pinned: bool = False
    deleted: bool = False

    @property
    def published_at(self) -> datetime:
        return BEGIN + timedelta(minutes=self.at)

    @property
    def edited_at(self) -> datetime:
        return BEGIN + timedelta(minutes=self.at if self.edited is None else self.edited)

    @property
    def id(self) -> str:
        """An id as content systems make them: 24 hex digits."""
        return f"5f{self.number:022x}"

    @property
    def uuid(self) -> str:
        return f"00000000-0000-4000-8000-{self.number:012}"


@dataclass(frozen=True, slots=True)
class Story:
    """A story and how its page is served today: where, how wide its pictures are, how its builds name things."""

    posts: tuple[Post, ...]
    scheme: str = "https"
    host: str = "live.example.org"
    path: str = "/race/1"
    tracking: str = ""
    width: int = 976
    build: str = "a1"

    @property
    def shown(self) -> list[Post]:
        """The posts that are not deleted, in the page's order."""
        return [post for post in self.posts if not post.deleted]

    @property
    def page(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    def link(self, post: Post) -> str:
        """Where a post's link leads."""
        query = f"?{self.tracking}" if self.tracking else ""
        return f"{self.scheme}://elsewhere.example.net/more/{post.number}{query}"

    def picture(self, post: Post) -> str:
        """Where a post's picture is; "" for those without."""
        return f"{self.scheme}://img.example.net/{self.width}/p{post.number}.jpg" if post.number in (2, 5) else ""

    def html(self, post: Post) -> str:
        """Return a post's body as publishers hand it out, in today's markup."""
        words, _, rest = post.words.partition(". ")
        first = f'<p class="x-{self.build}">{escape(words)}.</p>{" " * len(self.build)}'
        return f'{first}<p>{escape(rest)} <a href="{escape(self.link(post))}">More</a></p>'


def _post(number: int) -> Post:
    words = [_WORDS[(number * 7 + step * 3) % len(_WORDS)] for step in range(14)]
    told = f"The {' '.join(words[:7])} & so on. Then №{number} {' '.join(words[7:])}."
    return Post(number, number * 10, f"Leg №{number}: {words[1]} {words[5]}", told)


def story_of(posts: int) -> Story:
    """Return a story with so many posts, the newest on top."""
    return Story(tuple(_post(number) for number in range(posts, 0, -1)))


STORY = story_of(8)


def number_of(entry: Entry) -> int:
    """Return which post an entry is."""
    found = _NUMBER.search(f"{entry.headline or ''} {entry.body.text}")
    assert found, entry
    return int(found[1])


# ── what may happen ──────────────────────────────────────────────────────────────────────────────────────────────

Happening = Callable[[Story], Story]


def _with(story: Story, posts: Iterable[Post]) -> Story:
    return replace(story, posts=tuple(posts))


def _one(number: int, change: Callable[[Post], Post]) -> Happening:
    return lambda story: _with(story, (change(post) if post.number == number else post for post in story.posts))


def _some(*happenings: Happening) -> Happening:
    def all_of(story: Story) -> Story:
        for happening in happenings:
            story = happening(story)
        return story

    return all_of


def _reworded(post: Post) -> Post:
    return replace(post, words=post.words.replace("The ", "The brave ", 1), edited=330)


def _sorted_by_edit(story: Story) -> Story:
    return _with(story, sorted(story.posts, key=lambda post: (post.number % 3, post.number)))


_edited = _one(4, _reworded)
_retitled = _one(4, lambda post: replace(post, headline=f"{post.headline} at last", edited=330))
_removed = _one(4, lambda post: replace(post, deleted=True, edited=330))


def _new(story: Story) -> Story:
    return _with(story, (_post(9), *story.posts))


def _late(story: Story) -> Story:
    return _with(story, (*story.posts[:2], replace(_post(9), at=65), *story.posts[2:]))


def reworded(story: Story) -> Story:
    """Return the story with post 4 in other words."""
    return _edited(story)


def without(story: Story, number: int) -> Story:
    """Return the story as a copy has it that lacks a post, without a word about it."""
    return _with(story, (post for post in story.posts if post.number != number))


def _all_gone(story: Story) -> Story:
    return _with(story, (replace(post, deleted=post.number > 2) for post in story.posts))


HAPPENINGS: dict[str, tuple[Happening, list[tuple[str, int]]]] = {
    "nothing": (lambda story: story, []),
    "an edit": (_edited, [("edited", 4)]),
    "a new headline": (_retitled, [("edited", 4)]),
    "a removal": (_removed, [("removed", 4)]),
    "a new post": (_new, [("new", 9)]),
    "a new post further down": (_late, [("new", 9)]),
    "a new post, and the last one on the next page": (
        lambda story: _with(story, (_post(9), *story.posts[:-1])),
        [("new", 9)],
    ),
    "all at once": (
        _some(_one(6, _reworded), _removed, _new),
        [("edited", 6), ("new", 9), ("removed", 4)],
    ),
    "another order": (_sorted_by_edit, []),
    "turned round": (lambda story: _with(story, story.posts[::-1]), []),
    "re-timed": (_one(4, lambda post: replace(post, at=47, edited=47)), []),
    "saved without an edit": (_one(4, lambda post: replace(post, edited=330)), []),
    "pinned": (_one(4, lambda post: replace(post, pinned=True)), []),
    "other tracking": (lambda story: replace(story, tracking="utm_source=b&fbclid=2"), []),
    "other sizes of pictures": (lambda story: replace(story, width=640), []),
    "another build": (lambda story: replace(story, build="zz9"), []),
    "https": (lambda story: replace(story, scheme="http"), []),
    "another host": (lambda story: replace(story, host="www.example.org"), []),
    "another path": (lambda story: replace(story, path="/2025/race-live-1"), []),
    "nearly all gone at once": (_all_gone, []),
    "an older post, from the next page": (lambda story: _with(story, (*story.posts, _post(0))), []),
}
