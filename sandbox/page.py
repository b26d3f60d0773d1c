"""The sandbox's own live page: what its newsroom does to it, and every edition that ever stood there.

An act (publish, edit, withdraw, summary, end, …) never changes an edition; it puts a new one after it. So an older
copy can be served as a careless cache would, and a test can look at what a reader saw at any moment.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .clock import Now, utc_now

PER_PAGE = 20
"""Posts on one page, pinned ones not counted; the present renderer of BBC live pages does the same."""

KEPT_EDITIONS = 200
_KEYS = uuid.UUID("7d1a9c5e-0000-4000-8000-6c6967687473")


class PageActError(Exception):
    """What was asked of the page cannot be done; the text is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a post; a `url` without scheme is a name under /page/images/."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it stands. Paragraphs may hold `[text](url)`, `**bold**`, `*italic*`; "• " begins a list item."""

    key: str
    published_at: datetime
    headline: str = ""
    paragraphs: tuple[str, ...] = ()
    author: str = ""
    role: str = ""
    images: tuple[Picture, ...] = ()
    label: str = ""
    breaking: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole page at one moment; posts newest first."""

    title: str
    modified_at: datetime
    live: bool = True
    summary: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()

    def pages(self) -> list[tuple[Post, ...]]:
        """Return the posts page by page; pinned ones stand above the first."""
        pinned = tuple(post for post in self.posts if post.pinned)
        others = tuple(post for post in self.posts if not post.pinned)
        pages = [others[start : start + PER_PAGE] for start in range(0, len(others), PER_PAGE)] or [()]
        return [pinned + pages[0], *pages[1:]]


@dataclass(slots=True)
class Trouble:
    """What is wrong with the server for the next requests: an HTTP status, or a body cut in the middle."""

    status: int = 0
    status_times: int = 0
    retry_after: int = 0
    cut_times: int = 0
    behind: int = 0


class LivePage:
    """One live page and its newsroom. `path` is where it is served."""

    def __init__(self, name: str = "live", now: Now = utc_now) -> None:
        self.name = name
        self.path = f"/page/{name}"
        self._now = now
        self.reset()

    def reset(self) -> None:
        """Empty the page and forget its troubles."""
        self.trouble = Trouble()
        self.editions = [Edition(title=f"Sandbox: {self.name}", modified_at=self._moment())]

    @property
    def current(self) -> Edition:
        """The page as it should be."""
        return self.editions[-1]

    @property
    def served(self) -> Edition:
        """The page as the server hands it out: the current one, or an older copy."""
        return self.editions[max(0, len(self.editions) - 1 - self.trouble.behind)]

    def act(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do what `body["act"]` says; return what the control API answers. Raises PageActError."""
        fields = {name: value for name, value in body.items() if name not in ("act", "page")}
        deed = ACTS.get(str(body.get("act")))
        if deed is None:
            raise PageActError(f"act must be one of {', '.join(ACTS)}")
        try:
            inspect.signature(deed).bind(self, **fields)
        except TypeError as problem:
            raise PageActError(f"{body['act']}: {problem}") from problem
        return deed(self, **fields) or {}

    def publish(
        self, headline: str = "", *, key: str = "", published_at: str | datetime = "", text: str = "", **fields: Any
    ) -> dict[str, Any]:
        """Put a new post on top."""
        key = asset_key(key) if key else f"asset:{uuid.uuid4()}"
        if any(post.key == key for post in self.current.posts):
            raise PageActError(f"there is a post {key} already")
        moment = _moment_of(published_at) if published_at else self._moment()
        post = Post(key, moment, headline, **_content(text=text, **fields))
        self._put(posts=_by_time((post, *self.current.posts)))
        return {"key": key}

    def edit(self, key: str, **fields: Any) -> None:
        """Change what the named post says, in its place."""
        key = self._known(key)
        if published_at := fields.pop("published_at", ""):
            fields["published_at"] = _moment_of(published_at)
        change = {name: fields.pop(name) for name in ("headline", "published_at") if name in fields} | _content(
            **fields
        )
        self._put(posts=_by_time(replace(post, **change) if post.key == key else post for post in self.current.posts))

    def withdraw(self, key: str) -> None:
        """Take the named post away without a trace."""
        key = self._known(key)
        self._put(posts=tuple(post for post in self.current.posts if post.key != key))

    def summary(self, points: list[str]) -> None:
        """Replace the summary's points."""
        if not isinstance(points, list) or not all(isinstance(point, str) for point in points):
            raise PageActError("points must be a list of strings")
        self._put(summary=tuple(points))

    def end(self) -> None:
        """End the coverage: the page stays, and is live no more."""
        self._put(live=False)

    def wake(self) -> None:
        """Go on with a page that had ended."""
        self._put(live=True)

    def retitle(self, title: str) -> None:
        """Change the page's main heading."""
        self._put(title=title)

    def stale(self, behind: int = 1) -> None:
        """Serve the copy from `behind` acts ago, as a slow cache would, until `restore`."""
        self.trouble.behind = behind

    def status(self, status: int, times: int = 1, retry_after: int = 0) -> None:
        """Answer the next `times` requests with this HTTP status."""
        self.trouble.status, self.trouble.status_times, self.trouble.retry_after = status, times, retry_after

    def cut(self, times: int = 1) -> None:
        """End the HTML in the middle of a post for the next `times` requests."""
        self.trouble.cut_times = times

    def restore(self) -> None:
        """End every trouble."""
        self.trouble = Trouble()

    def _put(self, **changes: Any) -> None:
        self.editions.append(replace(self.current, modified_at=self._moment(), **changes))
        del self.editions[:-KEPT_EDITIONS]

    def _known(self, key: str) -> str:
        key = asset_key(key)
        if not any(post.key == key for post in self.current.posts):
            raise PageActError(f"there is no post {key}")
        return key

    def _moment(self) -> datetime:
        return self._now().replace(microsecond=0)


ACTS: dict[str, Any] = {
    "publish": LivePage.publish,
    "edit": LivePage.edit,
    "withdraw": LivePage.withdraw,
    "summary": LivePage.summary,
    "end": LivePage.end,
    "wake": LivePage.wake,
    "title": LivePage.retitle,
    "stale": LivePage.stale,
    "status": LivePage.status,
    "cut": LivePage.cut,
    "restore": LivePage.restore,
}


def asset_key(key: str) -> str:
    """Return the page's native id for a key: `asset:<uuid>`; any other word becomes one, always the same."""
    try:
        return f"asset:{uuid.UUID(key.removeprefix('asset:'))}"
    except ValueError:
        return f"asset:{uuid.uuid5(_KEYS, key)}"


def _by_time(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Newest first, to the second; of two with one time, the one that came first here stays first."""
    return tuple(sorted(posts, key=lambda post: post.published_at, reverse=True))


def _content(*, text: str = "", paragraphs: Any = None, images: Any = None, **plain: Any) -> dict[str, Any]:
    unknown = plain.keys() - {"author", "role", "label", "breaking", "pinned"}
    if unknown:
        raise PageActError(f"a post has no field {', '.join(sorted(unknown))}")
    content = dict(plain)
    if paragraphs is not None:
        content["paragraphs"] = tuple(str(paragraph) for paragraph in paragraphs)
    elif text:
        content["paragraphs"] = tuple(part.strip() for part in text.split("\n\n") if part.strip())
    if images is not None:
        content["images"] = tuple(_picture(image) for image in images)
    return content


def _picture(image: Any) -> Picture:
    if isinstance(image, str):
        return Picture(image)
    if not isinstance(image, Mapping) or "url" not in image or image.keys() - {"url", "alt", "caption", "credit"}:
        raise PageActError("an image is a URL, or an object with url, alt, caption and credit")
    return Picture(**image)


def _moment_of(told: str | datetime) -> datetime:
    try:
        moment = told if isinstance(told, datetime) else datetime.fromisoformat(told)
    except ValueError as problem:
        raise PageActError(f"published_at is not an ISO 8601 time: {told}") from problem
    if moment.tzinfo is None:
        raise PageActError("published_at needs an offset, as in 2026-05-01T09:15:00+01:00")
    return moment
