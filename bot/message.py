"""What is said, before any platform's markup: composed by the core, rendered by each adapter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .model import Image
from .richtext import RichText

MessageKind = Literal["entry", "summary", "end", "note", "digest", "withdrawn", "page"]


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery's words.

    `headline` is plain and shown in bold; `body` is what follows it, already shortened to the chat's style, but not
    to any platform's limit: adapters cut (at a paragraph or sentence, ending in "…") or split. `time` is the entry's
    published time, `time_text` the same as a person of that chat reads it ("09:15, 14 Feb"). `source_name` is shown as
    a link to `link`, the very entry. `images` are in order of importance; a platform shows as many as it can
    and the chat's style allows, each with caption and credit. `footnotes` are short lines of their own (a video's
    caption with its link, embeds). `preview`: the platform may show what the link leads to. `split`: what is too long
    for one message of the platform goes on in another, instead of being cut. `silent` asks the platform not to ring.
    `reply_to` is the platform's id of the message that a first send replies to, "" for none; it may be gone by then.
    `publish` hands it on to channels that follow this one, once, where the platform has that.
    `ping` is the id of a role whose people are called, once, when the message is sent, where the platform has that.
    `presses` are buttons under it: what each says, and the command line that a press gives (`bot.ports.Button`). `also`
    are lines on who else reported the event: they stand with the source's line, and are never left out. One of kind
    `page` names a live page, and begins the thread that is opened for it.
    """

    kind: MessageKind
    headline: str = ""
    body: RichText = field(default_factory=RichText)
    breaking: bool = False
    label: str = ""
    author: str = ""
    time: datetime | None = None
    time_text: str = ""
    source_name: str = ""
    link: str = ""
    images: tuple[Image, ...] = ()
    footnotes: tuple[RichText, ...] = ()
    also: tuple[RichText, ...] = ()
    silent: bool = False
    publish: bool = False
    ping: str = ""
    presses: tuple[tuple[str, str], ...] = ()
    preview: bool = False
    split: bool = False
    reply_to: str = ""
