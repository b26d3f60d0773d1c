"""What is said: an Entry or its withdrawal as a Message, before any platform's markup.

A Message depends on nothing but its arguments: the same entry at the same revision always reads the same, whenever
it is composed, so that an edit never changes a word only because a day has passed.

`form` is how plainly it is said, for a platform that refused it: 0 as the chat wants it, 1 without images (they
become links), 2 headline and link only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from urllib.parse import urlsplit

from .languages import _, pgettext
from .message import Message
from .model import Author, Clip, Entry, Image, SourceTitle, Style
from .notes import GOES_ON, told
from .richtext import RichText, join
from .summary import lead, shorten
from .template import parse_template
from .wording import opening, plain, points, publisher, same_words, stand_in, time_text

MOST_FOOTNOTES = 6
LONGEST_ALSO, LONGEST_NAME = 65, 30
"""Of a headline, and of a publisher, that is named under another's message, which must have room for several."""


def compose(
    entry: Entry,
    *,
    source: SourceTitle,
    style: Style,
    zone: tzinfo,
    withdrawn: bool = False,
    form: int = 0,
    number: int = 0,
) -> Message:
    """Return what to say about an entry of any kind, the way the subscription's style asks for it.

    `number` is the subscription's, where commands about it can be given in the chat itself; else 0.
    """
    if withdrawn:
        return compose_withdrawn(entry, source=source, style=style, zone=zone)
    match entry.kind:
        case "summary":
            return compose_summary(entry, source=source, style=style, zone=zone, form=form)
        case "end":
            return compose_end(source=source, style=style)
        case "note":
            return _compose_note(entry, source, zone, number)
        case "entry":
            return _compose_entry(entry, source, style, zone, form)


def _compose_entry(entry: Entry, source: SourceTitle, style: Style, zone: tzinfo, form: int) -> Message:
    if style.template and form < 2:
        return _templated(entry, source, style, zone, form)
    headline, rest = opening(entry)
    bare = form >= 2 or style.detail == "headline"
    body = RichText() if bare else _told(entry, headline, rest, style)
    images = () if form >= 2 else _chosen(replace(entry, clips=()) if bare else entry, style)
    return replace(
        _frame(entry, source, style, zone),
        headline=headline or ("" if body else stand_in(rest, source)),
        body=body,
        breaking="breaking" in entry.flags,
        label=entry.label or "" if style.label and form < 2 else "",
        author=_byline(entry.authors) if style.author and form < 2 else "",
        images=() if form else images,
        footnotes=(*(_picture_links(entry, images) if form else ()), *(() if bare else _footnotes(entry, body))),
    )


def _templated(entry: Entry, source: SourceTitle, style: Style, zone: tzinfo, form: int) -> Message:
    """Return what the chat's template makes of an entry; the source's line stands below it in any case."""
    headline, body = parse_template(style.template).fill(entry, source, zone, style.summary_length)
    images = _chosen(entry, style)
    return replace(
        _frame(entry, source, replace(style, time=False), zone),
        headline=headline or ("" if body else stand_in(entry.body, source)),
        body=body,
        breaking="breaking" in entry.flags,
        images=() if form else images,
        footnotes=(*(_picture_links(entry, images) if form else ()), *_footnotes(entry, body)),
    )


def compose_summary(entry: Entry, *, source: SourceTitle, style: Style, zone: tzinfo, form: int = 0) -> Message:
    """Return the page's summary under the page's title; its points are the lines of the entry's body."""
    return replace(
        _frame(entry, source, style, zone),
        headline=source.title or publisher(source),
        body=RichText() if form >= 2 else points(_lines(entry.body)),
        label=pgettext("page", "Summary"),
    )


def compose_end(*, source: SourceTitle, style: Style) -> Message:
    """Return the one line that says that coverage has ended."""
    ended = _("Live coverage has ended")
    return Message(
        kind="end",
        headline=_("{what}: {title}").format(what=ended, title=source.title) if source.title else ended,
        source_name=publisher(source),
        link=source.url,
        silent=style.silent,
    )


def _compose_note(entry: Entry, source: SourceTitle, zone: tzinfo, number: int) -> Message:
    """Return what is said about the source itself; whoever wants no noise from it wants to know this all the same."""
    onward = f"move {number} next" if number and entry.key.startswith(GOES_ON) else ""
    headline, body = told(entry)
    return Message(
        presses=((_("Follow it there"), onward),) if onward else (),
        footnotes=(RichText(_("/{command} follows it there.").format(command=onward)),) if onward else (),
        kind="note",
        headline=_("{what}: {title}").format(what=headline, title=source.title) if source.title else headline,
        body=body,
        time=entry.published_at,
        time_text=time_text(entry.published_at, zone),
        source_name=publisher(source),
        link=entry.url or source.url,
    )


def compose_page(*, source: SourceTitle, style: Style) -> Message:
    """Return what a page's own thread begins with, and is named by."""
    return Message(
        kind="page",
        headline=source.title or publisher(source),
        body=RichText(_("Each update of this live page follows in this thread.")),
        source_name=publisher(source),
        link=source.url,
        silent=style.silent,
    )


def compose_also(entry: Entry, *, source: SourceTitle) -> RichText:
    """Return the line that tells of an entry under another source's message: by whom, and the headline, linked."""
    headline, rest = opening(entry)
    named = shorten(RichText(headline or stand_in(rest, source)), LONGEST_ALSO)
    name = shorten(RichText(publisher(source)), LONGEST_NAME).text
    told = _("Also reported by {publisher}: {headline}")
    return RichText.filled(told, publisher=name, headline=named.marked("link", entry.url or source.url))


def compose_withdrawn(entry: Entry, *, source: SourceTitle, style: Style, zone: tzinfo) -> Message:
    """Return what stands where a withdrawn entry stood: none of its words, and no link to it (a libel must go)."""
    return replace(
        _frame(entry, source, style, zone),
        kind="withdrawn",
        headline=_("This update was withdrawn"),
        body=RichText(_("{publisher} has taken it off its live page.").format(publisher=publisher(source))),
        link=source.url,
        silent=True,
    )


def _frame(entry: Entry, source: SourceTitle, style: Style, zone: tzinfo) -> Message:
    """Return what every message about an entry carries: when, whence, where to, how loud."""
    at = (entry.published_at or entry.updated_at) if style.time else None
    return Message(
        kind=entry.kind,
        time=at,
        time_text=time_text(at, zone),
        source_name=publisher(source),
        link=entry.url or source.url,
        silent=style.silent,
        preview=style.preview,
        split=style.long == "split",
        publish=style.publish and entry.kind == "entry",
    )


def _told(entry: Entry, headline: str, rest: RichText, style: Style) -> RichText:
    standfirst = entry.standfirst or RichText()
    if same_words(standfirst.text, headline):
        standfirst = RichText()
    if style.detail == "summary":
        return lead(standfirst or rest, style.summary_length)
    repeated = plain(standfirst.text) in plain(rest.text)
    return rest if repeated else join("\n\n", (standfirst, rest))


def _chosen(entry: Entry, style: Style) -> tuple[Image, ...]:
    """Return the pictures that the style wants, with the stills of videos behind the entry's own."""
    told = {*(image.url for image in entry.images), ""}
    stills = (Image(clip.picture, alt=clip.caption) for clip in entry.clips if clip.picture not in told)
    images = (*entry.images, *dict.fromkeys(stills))
    return {"off": (), "first": images[:1], "all": images}[style.images]


def _byline(authors: tuple[Author, ...]) -> str:
    if len(authors) == 1 and authors[0].role:
        return f"{authors[0].name}, {authors[0].role}"
    return ", ".join(author.name for author in authors)


def _footnotes(entry: Entry, body: RichText) -> tuple[RichText, ...]:
    """Return a line for each clip, and for each embed that the body does not link to already."""
    linked = {span.url for span in body.spans}
    clips = [_clip_link(clip) for clip in entry.clips if clip.url or clip.caption]
    embeds = [_embed_link(url) for url in dict.fromkeys(entry.embeds) if url not in linked]
    return (*clips, *embeds)[:MOST_FOOTNOTES]


def _picture_links(entry: Entry, images: tuple[Image, ...]) -> Iterator[RichText]:
    """Return links to the entry's own pictures; a video has its link in any case."""
    return map(_picture_link, (image for image in images if image in entry.images))


def _picture_link(image: Image) -> RichText:
    credit = f" ({image.credit})" if image.credit else ""
    caption = image.caption or image.alt or _("see it")
    return RichText(_("Picture: {caption}").format(caption=f"{caption}{credit}")).marked("link", image.url)


def _clip_link(clip: Clip) -> RichText:
    text = RichText(f"▶ {clip.caption or _('Watch or listen')}")
    return text.marked("link", clip.url) if clip.url else text


def _embed_link(url: str) -> RichText:
    parts = urlsplit(url)
    return shorten(RichText(parts.netloc.removeprefix("www.") + parts.path.rstrip("/")), 60).marked("link", url)


def _lines(body: RichText) -> Iterator[RichText]:
    start = 0
    for line in body.text.splitlines(keepends=True):
        yield body.cut(start, start + len(line)).strip()
        start += len(line)
