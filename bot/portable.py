"""What an installation can be carried in: everything that people chose, and nothing that was said or is secret. Pure.

What a value may be is checked by what the commands check it with: a file cannot set what nobody could have typed. A
file of version 1 is read by every later program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from .errors import CommandError
from .filters import parse
from .hours import quiet_hours, schedule
from .model import ChatKind, Platform
from .planner import Policy
from .styles import DETAILS, SETTINGS
from .template import parse_template
from .urls import canonical_url

VERSION: Literal[1] = 1
MOST_PROBLEMS = 20

_T = TypeVar("_T")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*")
    @classmethod
    def _can_be_kept(cls, value: _T) -> _T:
        if isinstance(value, str) and "\x00" in value:  # PostgreSQL keeps no such text
            raise ValueError("A text cannot hold the sign U+0000.")
        return value


def _understood(check: Callable[[str], _T], text: str) -> _T:
    """Return what a command makes of a text. Raises ValueError with its sentence where it would refuse it."""
    try:
        return check(text)
    except CommandError as error:
        raise ValueError(str(error)) from None


def _typed(check: Callable[[str], object]) -> AfterValidator:
    """Return what accepts nothing, or a text that a command would accept."""

    def checked(text: str) -> str:
        if text:
            _understood(check, text)
        return text

    return AfterValidator(checked)


def _is_canonical(url: str) -> str:
    canonical = _understood(canonical_url, url)
    if canonical != url:
        raise ValueError(f"It should be written as {canonical}.")
    return url


def _is_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"There is no time zone “{name}”.")
    return name


def _is_style(style: dict[str, Any]) -> dict[str, Any]:
    for name, value in style.items():
        if name == "template" and isinstance(value, str):
            _understood(parse_template, value)
        elif name == "detail" and value in DETAILS:
            continue
        elif not any(value is each or value == each for each in SETTINGS.get(name, {}).values()):
            raise ValueError(f"A style has no “{name}” that is {value!r}.")
    return style


PageUrl = Annotated[str, AfterValidator(_is_canonical)]
FilterText = Annotated[str, _typed(parse)]
ScheduleText = Annotated[str, _typed(schedule)]
QuietText = Annotated[str, _typed(quiet_hours)]
Zone = Annotated[str, AfterValidator(_is_zone)]


class ChosenSource(_Part):
    """A page or feed that somebody follows; `asked`: where it is read instead. `reader` says whether it is a feed."""

    url: PageUrl
    asked: str = ""
    title: str = ""
    name: str = ""
    reader: str = ""


class ChosenPing(_Part):
    """A role that is called, by its id on the platform and its name, for entries that fit the words."""

    role: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    name: str
    words: FilterText = ""


class ChosenDesk(_Part):
    """The chat where people decide on what a subscription gets; it is one of the chats of the file."""

    platform: Platform
    bot: Annotated[str, Field(min_length=1)]
    chat: Annotated[str, Field(min_length=1)]
    thread: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What no two chats share."""
        return self.platform, self.bot, self.chat, self.thread


class ChosenSubscription(_Part):
    """What a chat follows, under the number that it knows it by, and how."""

    url: PageUrl
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]  # as the database keeps it
    filter: FilterText = ""
    style: Annotated[dict[str, Any], AfterValidator(_is_style)] = {}
    ping: ChosenPing | None = None
    summary: Literal["pin", "send", "off"] = "pin"
    schedule: ScheduleText = ""
    paused_until: AwareDatetime | Literal["resumed"] | None = None
    review: ChosenDesk | None = None
    created_by: str = ""


class ChosenChat(_Part):
    """A chat as it was set up: where it is, by whose clock it lives, and what it follows."""

    platform: Platform
    bot: Annotated[str, Field(min_length=1)]
    chat: Annotated[str, Field(min_length=1)]
    thread: str = ""
    server: str = ""
    kind: ChatKind = "group"
    title: str = ""
    language: str = ""
    timezone: Zone = "UTC"
    quiet: QuietText = ""
    fold: bool = False
    policy: Policy | Literal[""] = ""
    subscriptions: tuple[ChosenSubscription, ...] = ()

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What no two chats share."""
        return self.platform, self.bot, self.chat, self.thread

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        for what in ("number", "url"):
            if twice := _twice([str(getattr(each, what)) for each in self.subscriptions]):
                raise ValueError(f"Two of its subscriptions have the same {what}: {twice}.")
        return self


class ChosenAccess(_Part):
    """Somebody who may use the bot; `chat`: where its owner is reached in private."""

    platform: Platform
    what: str
    id: Annotated[str, Field(min_length=1)]
    role: Literal["owner", "allowed"]
    name: str = ""
    chat: str = ""
    granted_at: AwareDatetime


class Chosen(_Part):
    """All that people chose. `paused_at`: since when the operator holds everything."""

    version: Literal[1] = VERSION
    paused_at: AwareDatetime | None = None
    access: tuple[ChosenAccess, ...] = ()
    sources: tuple[ChosenSource, ...] = ()
    chats: tuple[ChosenChat, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if twice := _twice([each.url for each in self.sources]):
            raise ValueError(f"The page {twice} stands there twice.")
        if twice := _twice([" ".join(each.place) for each in self.chats]):
            raise ValueError(f"The chat {twice} stands there twice.")
        if twice := _twice([each.platform for each in self.access if each.role == "owner"]):
            raise ValueError(f"There are two owners on {twice}.")
        known = {each.url for each in self.sources}
        for index, chat in enumerate(self.chats):
            if missing := next((each.url for each in chat.subscriptions if each.url not in known), None):
                raise ValueError(f"chats[{index}] follows {missing}, which is not among the sources.")
        there = {each.place for each in self.chats}
        for index, chat in enumerate(self.chats):
            desks = (each.review.place for each in chat.subscriptions if each.review)
            if missing := next((" ".join(place) for place in desks if place not in there), None):
                raise ValueError(f"chats[{index}] is decided on in {missing}, which is not among the chats.")
        return self


def _twice(names: list[str]) -> str | None:
    return next((name for name, times in Counter(names).items() if times > 1), None)


def read_chosen(text: bytes) -> Chosen | list[str]:
    """Return what a file says, or a sentence for each problem, with its place, at most MOST_PROBLEMS of them."""
    try:
        return Chosen.model_validate_json(text)
    except ValidationError as error:
        return list(_problems(error))[:MOST_PROBLEMS]


def _problems(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False, include_input=False):
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in each["loc"]).lstrip(".")
        said = each["msg"].removeprefix("Value error, ").rstrip(".")
        yield f"{place}: {said}." if place else f"{said}."
