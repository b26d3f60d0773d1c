"""How a Message looks on Telegram, to a reader on a phone. Pure.

    🔴 BREAKING · label
    headline, in bold

    body

    footnotes
    📷 caption and credit of the picture
    who else reported it
    time · author · source, which leads to the entry

With a picture it is a photo with a caption, where all of it has room there; else a text with the picture as a large
preview above. Several pictures are an album with that caption, or below the text. A digest that is too long takes
several texts, and so does an entry whose chat wants all of it.

Limits (Telegram's documentation): text 4096, caption 1024, 100 entities, albums of 2 to 10.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from telegram import LinkPreviewOptions, MessageEntity

from bot.cutting import cut, split
from bot.languages import N_, _, spoken
from bot.message import Message
from bot.model import Image
from bot.richtext import RichText, join

from .entities import entities, harmless, length, web_address

TEXT, PHOTO, ALBUM = "text", "photo", "album"
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_LONGEST_DIGEST = 8 * _LONGEST_TEXT  # ours
_LONGEST_ALSO = 120  # ours: three of them leave room for a headline and the source's line, also under a photo
_MOST_IN_ALBUM = 10
_MARK = N_("🔴 BREAKING")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Words:
    """A text as Telegram takes it."""

    text: str
    entities: tuple[MessageEntity, ...]


_NOTHING = Words("", ())


@dataclass(frozen=True, slots=True)
class Shown:
    """One platform message: a photo with the words as its caption, or (`photo` "") a text with its preview.

    `of_album`: it goes together with the photos before and after it.
    """

    words: Words
    photo: str = ""
    preview: LinkPreviewOptions = _NO_PREVIEW
    of_album: bool = False

    @property
    def kind(self) -> str:
        """The kind, as `bot.ports.Adapter.parts` tells it."""
        return ALBUM if self.of_album else PHOTO if self.photo else TEXT


def parts(message: Message) -> tuple[str, ...]:
    """Return the kinds of the platform messages that the message takes."""
    return tuple(shown.kind for shown in _parts(message))


def shown(message: Message, part: int = 0) -> Shown:
    """Return part number `part` of the message; of a message that has become shorter, the last there is."""
    rendered = _parts(message)
    return rendered[min(part, len(rendered) - 1)]


def together(message: Message, part: int) -> tuple[Shown, ...]:
    """Return part number `part` and, if it is of an album, those after it that are of the same one."""
    rendered = _parts(message)[part:]
    return tuple(takewhile(lambda shown: shown.of_album, rendered)) or (shown(message, part),)


def caption(message: Message) -> Words:
    """Return the message for a photo that stays, cut to the room under it."""
    return _words(_whole(message, _LONGEST_CAPTION))


def reply(text: RichText, commands: Collection[str] = ()) -> list[Words]:
    """Return an answer to a command, in as many texts as it takes; at least one, none empty.

    The `commands` that it names can be tapped.
    """
    return [_words(piece) for piece in split(harmless(text, commands).strip(), _LONGEST_TEXT, length)]


def _parts(message: Message) -> tuple[Shown, ...]:
    return _drawn(message, spoken())


@lru_cache(maxsize=128)  # one entry goes to many chats, and is asked for several times on its way to each
def _drawn(message: Message, _language: str) -> tuple[Shown, ...]:
    if message.kind == "digest":
        pieces = split(_whole(message, _LONGEST_DIGEST), _LONGEST_TEXT, length)
        return tuple(Shown(_words(piece)) for piece in pieces)
    if message.split and length(_whole(message, _LONGEST_DIGEST)) > _LONGEST_TEXT:
        return _split(message)
    whole = _whole(message, _LONGEST_TEXT)
    photos = _photos(message)
    under = length(whole) <= _LONGEST_CAPTION
    if not photos:
        return (Shown(_words(whole), preview=_of_link(message)),)
    if len(photos) > 1:
        first = () if under else (Shown(_words(whole)),)
        return (*first, *_album(photos, _words(whole) if under else _NOTHING))
    if under:
        return (Shown(_words(whole), photo=photos[0]),)
    return (Shown(_words(whole), preview=_large(photos[0])),)


def _split(message: Message) -> tuple[Shown, ...]:
    """Return a long text whole, in several messages, its first picture as the large preview of the first of them."""
    pieces = split(_whole(message, _LONGEST_DIGEST), _LONGEST_TEXT, length)
    photos = _photos(message)
    texts = [Shown(_words(piece)) for piece in pieces]
    if len(photos) == 1:
        texts[0] = replace(texts[0], preview=_large(photos[0]))
    return (*texts, *_album(photos, _NOTHING)) if len(photos) > 1 else tuple(texts)


def _album(photos: Sequence[str], words: Words) -> tuple[Shown, ...]:
    """Return the photos of an album; the first one's caption is the album's."""
    first = Shown(words, photo=photos[0], of_album=True)
    return (first, *(Shown(_NOTHING, photo=photo, of_album=True) for photo in photos[1:]))


def _photos(message: Message) -> list[str]:
    found = dict.fromkeys(address for image in message.images if (address := web_address(image.url)))
    return list(found)[:_MOST_IN_ALBUM]


def _of_link(message: Message) -> LinkPreviewOptions:
    url = web_address(message.link) if message.preview else ""
    return LinkPreviewOptions(url=url) if url else _NO_PREVIEW


def _large(url: str) -> LinkPreviewOptions:
    return LinkPreviewOptions(url=url, prefer_large_media=True, show_above_text=True)


def _whole(message: Message, room: int) -> RichText:
    """Return all that is said, cut to `room`; neither what stands above the body nor below it takes over a third."""
    head = _head(message, room // 3)
    tail = _tail(message, room // 3)
    left = room - length(head) - length(tail) - 4
    body = message.body.strip().cut(0, 2 * room)  # a page may send megabytes; what never has room is not looked at
    return join("\n\n", (head, cut(harmless(body).strip(), left, length), tail))


def _head(message: Message, room: int) -> RichText:
    mark = RichText(_(_MARK)).marked("bold") if message.breaking else ""
    first = join(" · ", (mark, cut(_line(message.label), 100, length)))
    headline = cut(_line(message.headline), room - length(first) - 1, length)
    return join("\n", (first, headline.marked("bold")))


def _tail(message: Message, room: int) -> RichText:
    """Return what stands below the body; neither the source's line nor who else reported it is ever left out."""
    byline = join(
        "\n", (*(cut(harmless(line).strip(), _LONGEST_ALSO, length) for line in message.also), _byline(message))
    )
    left = room - length(byline)
    kept = []
    pictures = dict.fromkeys(map(_credit, _pictures(message)))
    for note in (*message.footnotes, *pictures):
        line = cut(harmless(note).strip(), room // 2, length)
        left -= length(line) + 1
        if line and left >= 0:
            kept.append(line)
    return join("\n", (*kept, byline))


def _credit(picture: Image) -> RichText:
    words = " — ".join(filter(None, map(_one_line, (picture.caption, picture.credit))))
    return RichText(f"📷 {words}").marked("italic") if words else RichText()


def _byline(message: Message) -> RichText:
    source = cut(_line(message.source_name), 100, length)
    if not source and message.link:
        source = RichText("Source")
    if web_address(message.link):
        source = source.marked("link", message.link)
    time, author = (cut(_line(text), 100, length) for text in (message.time_text, message.author))
    return join(" · ", (time, author, source))


def _pictures(message: Message) -> list[Image]:
    return [image for image in message.images if web_address(image.url)][:_MOST_IN_ALBUM]


def _line(text: str) -> RichText:
    return harmless(RichText(_one_line(text)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _words(text: RichText) -> Words:
    """Telegram refuses a text without anything to read."""
    told = text.strip()
    told = told if any(map(_can_be_read, told.text)) else RichText("…")
    return Words(told.text, tuple(entities(told)))


def _can_be_read(char: str) -> bool:
    return char.isprintable() and not char.isspace()
