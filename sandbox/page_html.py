"""The live page as HTML, in the shape of the present BBC renderer: its landmarks, test ids and hidden helper words.

The shape is theirs, every word is ours. Class names carry a hash in front of their telling part, as theirs do, so
that no reader can come to rely on whole names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from .page import Edition, Picture, Post

LONDON = ZoneInfo("Europe/London")
ZONES = {"GMT": "Greenwich Mean Time", "BST": "British Summer Time"}
_INLINE = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<url>https?://[^\s)]+)\)|\*\*(?P<bold>.+?)\*\*|\*(?P<italic>.+?)\*")


def render(edition: Edition, *, address: str, root: str, number: int, now: datetime) -> str | None:
    """Return page `number` (from 1) of the edition; None where there is no such page.

    `address` is the page's own URL, `root` the server's; `now` decides whether a time is shown with its date.
    """
    pages = edition.pages()
    if not 1 <= number <= len(pages):
        return None
    posts = "\n".join(_post(post, root=root, now=now) for post in pages[number - 1])
    return f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<title>{escape(edition.title)} - Port Ferrow Gazette</title>
<link rel="canonical" href="{escape(address)}">
<meta property="og:title" content="{escape(edition.title)}">
<meta property="og:site_name" content="Port Ferrow Gazette">
<meta property="og:url" content="{escape(address)}">
</head>
<body>
<main id="main-content">
{_heading(edition)}
{_summary(edition)}
<section aria-label="Live Reporting" data-testid="live-stream" class="ssrcss-4mr3p1-Stream">
<h2 class="ssrcss-4mr3p2-Heading">Live Reporting</h2>
<ol class="ssrcss-4mr3p3-List" role="list">
{posts}
</ol>
{_paging(number, len(pages), address)}
</section>
</main>
<footer><p>Written for the sandbox; no place, ship or person in it is real.</p></footer>
</body>
</html>
"""


def _heading(edition: Edition) -> str:
    live = '<span data-testid="live-label" class="ssrcss-6lv0a4-LiveLabel">Live</span> ' if edition.live else ""
    ended = (
        "" if edition.live else '<p class="ssrcss-6lv0a6-Ended" data-testid="ended-label">This live page has ended</p>'
    )
    return f"""<div class="ssrcss-6lv0a1-HeaderContainer" data-testid="live-header">
<h1 class="ssrcss-6lv0a2-Heading" id="main-heading">{live}<span role="text">{escape(edition.title)}</span></h1>{ended}
</div>"""


def _summary(edition: Edition) -> str:
    if not edition.summary:
        return ""
    points = "\n".join(f"<li><p class='ssrcss-9sm1c4-Paragraph'>{_inline(point)}</p></li>" for point in edition.summary)
    return f"""<section aria-labelledby="summary-heading" data-testid="summary" class="ssrcss-9sm1c1-SummaryContainer">
<h2 id="summary-heading" class="ssrcss-9sm1c2-Heading">Summary</h2>
<ul class="ssrcss-9sm1c3-UnorderedList" role="list">
{points}
</ul>
</section>"""


def _post(post: Post, *, root: str, now: datetime) -> str:
    label = f'<span class="ssrcss-1pt9e1-Label">{escape(post.label)}</span>' if post.label else ""
    pinned = ' data-pinned="true"' if post.pinned else ""
    return f"""<li class="ssrcss-1pt9e0-ListItem"{pinned}>
<article data-testid="content-post" id="{escape(post.key)}" class="ssrcss-1b1a90-ContentPost e1pf0w10">
<header class="ssrcss-1p40a8-Header e1pf0w11">{label}{_pin(post)}<span class="ssrcss-1de7a2-HeadingContainer e1pf0w12">\
<h3 type="normal" class="ssrcss-ad2a5d-Heading e1pf0w13"><span role="text" class="ssrcss-189a12-HeadlineWrap e1pf0w14">\
<span>{escape(post.headline or "Post")}</span>{_time(post, now)}</span></h3></span></header>
{_contributor(post)}<div class="ssrcss-n0ta01-RichTextContainer">
{_body(post.paragraphs)}
{"".join(_figure(image, root) for image in post.images)}
</div>
<a class="ssrcss-sh4re1-ShareLink" href="?post={quote(post.key, safe="")}#post">\
<span class="visually-hidden ssrcss-1f3a02-VisuallyHidden">Share this post</span></a>
</article>
</li>"""


def _pin(post: Post) -> str:
    return '<span class="ssrcss-p1nn3d-PinnedLabel" data-testid="pinned-label">Pinned</span>' if post.pinned else ""


def _time(post: Post, now: datetime) -> str:
    spoken, shown = time_words(post.published_at, now)
    breaking = '<span class="ssrcss-br34k1-BreakingLabel">Breaking</span>' if post.breaking else ""
    return f"""<span class="ssrcss-rcva01-ServerSideTime e1pf0w15">\
<span data-testid="timestamp" class="ssrcss-uma301-Timestamp">\
<span data-testid="accessible-timestamp" class="visually-hidden ssrcss-1f3a02-VisuallyHidden">\
published at {spoken}</span>\
<div class="ssrcss-1kja01-Wrapper"><span aria-hidden="true" class="ssrcss-crga01-Time">{shown}</span></div>\
</span>{breaking}</span>"""


def time_words(moment: datetime, now: datetime) -> tuple[str, str]:
    """Return a time as it is read out and as it is shown: today's without a date, this year's without the year."""
    there, today = moment.astimezone(LONDON), now.astimezone(LONDON)
    zone = there.strftime("%Z")
    clock = there.strftime("%H:%M")
    if there.date() == today.date():
        return f"{clock} {zone}", f"{clock} {zone}"
    date = f"{there.day} {there:%B}" + (f" {there.year}" if there.year != today.year else "")
    return f"{clock} {ZONES[zone]} {date}", f"{clock} {zone} {date}"


def _contributor(post: Post) -> str:
    if not post.author:
        return ""
    role = f'<p class="ssrcss-c0n7r3-Role">{escape(post.role)}</p>' if post.role else ""
    return f"""<div class="ssrcss-c0n7r1-Contributor" data-testid="contributor">\
<p class="ssrcss-c0n7r2-Name">{escape(post.author)}</p>{role}</div>
"""


def _body(paragraphs: Iterable[str]) -> str:
    lines, items = [], []
    for paragraph in (*paragraphs, ""):
        if paragraph.startswith("• "):
            items.append(f"<li>{_inline(paragraph[2:])}</li>")
            continue
        if items:
            lines.append(f'<ul class="ssrcss-p1ul01-UnorderedList" role="list">{"".join(items)}</ul>')
            items = []
        if paragraph:
            lines.append(f'<p class="ssrcss-1q0a01-Paragraph e1pf0w16">{_inline(paragraph)}</p>')
    return "\n".join(lines)


def _inline(text: str) -> str:
    """Escape a paragraph and render its few marks."""
    rendered, end = [], 0
    for mark in _INLINE.finditer(text):
        rendered += [escape(text[end : mark.start()], quote=False), _marked(mark)]
        end = mark.end()
    return "".join(rendered) + escape(text[end:], quote=False)


def _marked(mark: re.Match[str]) -> str:
    if bold := mark["bold"]:
        return f"<b>{escape(bold, quote=False)}</b>"
    if italic := mark["italic"]:
        return f"<i>{escape(italic, quote=False)}</i>"
    hidden = '<span class="visually-hidden ssrcss-1f3a02-VisuallyHidden">, external</span>'
    link = f'<a href="{escape(mark["url"])}" class="ssrcss-k17a01-InlineLink">{escape(mark["text"], quote=False)}'
    return link + (hidden if _external(mark["url"]) else "") + "</a>"


def _external(url: str) -> bool:
    return urlsplit(url).hostname not in ("127.0.0.1", "localhost")


def _figure(image: Picture, root: str) -> str:
    url = image.url if "://" in image.url else f"{root}/page/images/{quote(image.url)}"
    credit = _captioned("Image source, ", image.credit, "span") if image.credit else ""
    caption = f"<figcaption>{_captioned('Image caption,', image.caption, 'p')}</figcaption>" if image.caption else ""
    return f"""<figure class="ssrcss-f1ga01-StyledFigure"><div class="ssrcss-f1ga02-ImageWrapper">\
<img alt="{escape(image.alt)}" src="{escape(url)}" width="640" height="360" class="ssrcss-f1ga03-Image">\
{credit}</div>{caption}</figure>
"""


def _captioned(hidden: str, words: str, tag: str) -> str:
    prefix = f'<span class="visually-hidden ssrcss-1f3a02-VisuallyHidden">{hidden}</span>'
    return f'<{tag} role="text" class="ssrcss-f1ga04-Caption">{prefix}{escape(words, quote=False)}</{tag}>'


def _paging(number: int, total: int, address: str) -> str:
    if total == 1:
        return ""
    older = f'<a rel="next" href="{escape(address)}?page={number + 1}">Older posts</a>' if number < total else ""
    newer = f'<a rel="prev" href="{escape(address)}?page={number - 1}">Newer posts</a>' if number > 1 else ""
    return f'<nav aria-label="Pagination" data-testid="pagination"><p>Page {number} of {total}</p>{newer} {older}</nav>'
