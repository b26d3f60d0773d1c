"""A story as pages show it: HTML of every kind that is read, and the text that people copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from html import escape
from typing import Any

from .stories import Post, Story
from .story_answers import Told, update

_PUBLISHED = "published at {:%H:%M} Greenwich Mean Time 1 July"


def _html(story: Story, body: str, head: str = "") -> bytes:
    canonical = f'<link rel="canonical" href="{story.page}">'
    return f"<!DOCTYPE html><html><head>{canonical}{head}</head><body>{body}</body></html>".encode()


def _figure(story: Story, post: Post, kind: str = "") -> str:
    url = story.picture(post)
    if not url:
        return ""
    return f'<figure {kind}><img alt="A picture" src="{url}"><figcaption><span>Seen</span></figcaption></figure>'


# ── the BBC ──────────────────────────────────────────────────────────────────────────────────────────────────────


def bbc(story: Story) -> bytes:
    return _html(story, _present(story))


def bbc_with_model(story: Story) -> bytes:
    data = {"a": {"data": {"results": [_model_post(story, post) for post in story.shown]}}}
    return _html(story, _present(story), f"<script>window.__INITIAL_DATA__={json.dumps(json.dumps(data))};</script>")


def _present(story: Story) -> str:
    articles = "".join(_content_post(story, post) for post in story.shown)
    return f'<main><h1>Race</h1><ol>{articles}</ol><a href="{story.path}?page=2">Older</a></main>'


def _content_post(story: Story, post: Post) -> str:
    time = _PUBLISHED.format(post.published_at)
    told = f'<span data-testid="accessible-timestamp" class="visually-hidden">{time}</span>'
    head = f'<h3><span role="text" class="ssrcss-{story.build}-HeadlineWrap"><span>{escape(post.headline)}</span>'
    pinned = f' class="ssrcss-{story.build}-Pinned"' if post.pinned else ""
    return (
        f'<li{pinned}><article data-testid="content-post" id="asset:{post.uuid}" '
        f'class="ssrcss-{story.build}-ContentPost">'
        f'<header>{head}<span data-testid="timestamp">{told}</span></span></h3></header>{story.html(post)}'
        f"{_figure(story, post)}</article></li>"
    )


def _text(words: str, *more: Told) -> Told:
    return {"type": "paragraph", "model": {"text": words, "blocks": [_fragment(words), *more]}}


def _fragment(words: str) -> Told:
    return {"type": "fragment", "model": {"text": words, "attributes": []}}


def _model_post(story: Story, post: Post) -> Told:
    words, _, rest = post.words.partition(". ")
    link = {"type": "urlLink", "model": {"text": "More", "locator": story.link(post), "blocks": [_fragment("More")]}}
    content = [_text(f"{words}.{' ' * len(story.build)}"), _text(f"{rest} ", link)]
    if url := story.picture(post):
        parts = [("altText", "A picture"), ("caption", "Seen")]
        told: list[Told] = [{"type": kind, "model": {"blocks": [_text(words)]}} for kind, words in parts]
        raw = {"type": "rawImage", "model": {"locator": url, "copyrightHolder": ""}}
        content.append({"type": "image", "model": {"blocks": [raw, *told]}})
    headline = {"type": "headline", "model": {"blocks": [_text(post.headline)]}}
    return {
        "urn": f"asset:{post.uuid}",
        "header": {"model": {"blocks": [headline]}},
        "content": {"model": {"blocks": content}},
        "options": {},
        "dates": {
            "firstPublished": post.published_at.isoformat(),
            "lastPublished": post.edited_at.isoformat(),
            "curated": (post.published_at + timedelta(seconds=1)).isoformat(),
        },
    }


def bbc_world(story: Story) -> bytes:
    stream = {"results": [_model_post(story, post) for post in story.shown], "page": {"index": 1, "total": 2}}
    data = {"title": "Race", "isLive": True, "liveTextStream": {"content": {"data": stream}}}
    told = json.dumps({"props": {"pageProps": {"pageData": data}}, "buildId": story.build})
    return _html(story, f'<h1>Race</h1><script id="__NEXT_DATA__" type="application/json">{told}</script>')


def bbc_lx(story: Story) -> bytes:
    results = [_lx_post(story, post) for post in story.shown]
    payload = {"body": {"results": results, "currentPage": 1, "numberOfPages": 2}}
    uri = f"/data/bbc-morph-lx-commentary-data-paged/assetUri/x/version/{story.build}"
    return _html(story, f"<script>Morph.setPayload('{uri}', {json.dumps(payload)});</script>{_lx_articles(story)}")


def _lx_post(story: Story, post: Post) -> Told:
    words, _, rest = post.words.partition(". ")
    url = {"name": "url", "attributes": [{"name": "href", "value": story.link(post)}]}
    caption = {"name": "caption", "children": [{"name": "text", "text": "More"}]}
    link = {"name": "link", "children": [caption, url]}
    body: list[Told] = [
        {"name": "paragraph", "children": [{"name": "text", "text": f"{words}."}]},
        {"name": "paragraph", "children": [{"name": "text", "text": f"{rest} "}, link]},
    ]
    if picture := story.picture(post):
        body.append({"name": "image", "href": picture, "altText": "A picture", "caption": "Seen"})
    return {
        "locator": f"urn:asset:{post.uuid}",
        "assetId": post.id,
        "title": post.headline,
        "firstPublished": post.published_at.isoformat(),
        "lastUpdated": post.edited_at.isoformat(),
        "body": body,
    }


def bbc_lx_html(story: Story) -> bytes:
    return _html(story, f"<h1>Race</h1>{_lx_articles(story)}")


def _lx_articles(story: Story) -> str:
    return "".join(
        f'<article id="post_{post.id}" class="lx-stream-post{" lx-stream-post--pinned" if post.pinned else ""}">'
        f'<time><span class="qa-post-auto-meta">{post.published_at:%H:%M}</span></time>'
        f'<span class="lx-stream-post__header-text">{escape(post.headline)}</span>'
        f'<div class="lx-stream-post-body">{story.html(post)}{_lx_figure(story, post)}</div></article>'
        for post in story.shown
    )


def _lx_figure(story: Story, post: Post) -> str:
    url = story.picture(post)
    caption = '<figcaption class="lx-media-asset__caption"><span aria-hidden="true">Seen</span></figcaption>'
    return f'<figure><img data-src="{url}" alt="A picture">{caption}</figure>' if url else ""


def copied_text(story: Story) -> bytes:
    posts = "".join(
        f"  {number}. {post.headline}{_PUBLISHED.format(post.published_at)}\n\n    "
        + post.words.replace(". ", ".\n\n    ", 1)
        + "\n\n"
        for number, post in enumerate(story.shown, 1)
    )
    return f"Race\n\nLive Reporting\n\n{posts}".encode()


# ── the Guardian ─────────────────────────────────────────────────────────────────────────────────────────────────


def guardian(story: Story) -> bytes:
    blocks = "".join(
        f'<article id="block-{post.id}" class="dcr-{story.build}"><header><a href="?page=with:block-{post.id}">'
        f'<time datetime="{post.published_at.isoformat()}">x</time></a><h2>{escape(post.headline)}</h2></header>'
        f'{story.html(post)}{_figure(story, post, _SPACEFINDER)}<footer>Updated at <time datetime="'
        f'{post.edited_at.isoformat()}">y</time></footer></article>'
        for post in story.shown
    )
    top = "".join(
        f'<div id="pinned-post"><article><header><a href="?page=with:block-{post.id}"><time datetime="'
        f'{post.published_at.isoformat()}">x</time></a></header></article></div>'
        for post in story.shown
        if post.pinned
    )
    live = '<gu-island name="Liveness" props="{}"></gu-island>'
    return _html(story, f'<h1>Race</h1>{live}{top}<div id="liveblog-body">{blocks}</div>')


_SPACEFINDER = 'data-spacefinder-type="model.dotcomrendering.pageElements.ImageBlockElement"'


def guardian_old(story: Story) -> bytes:
    blocks = "".join(
        f'<div id="block-{post.id}" class="block" itemprop="liveBlogUpdate"><p class="block-time published-time"><time '
        f'datetime="{post.published_at.isoformat()}">x</time></p><h2 class="block-title">{escape(post.headline)}</h2>'
        f'{story.html(post)}{_figure(story, post)}<p class="block-time updated-time"><time datetime="'
        f'{post.edited_at.isoformat()}">y</time></p></div>'
        for post in story.shown
    )
    return _html(story, f'<h1>Race</h1><div class="js-liveblog-body">{blocks}</div>')


# ── schema.org ───────────────────────────────────────────────────────────────────────────────────────────────────

_More = Callable[[Story, Post, int], dict[str, Any]]


def liveblog(story: Story) -> bytes:
    return _posting(story, lambda story, post, _place: {"url": f"{story.page}#{post.number + 751000}"})


def liveblog_without_ids(story: Story) -> bytes:
    return _posting(story, lambda _story, _post, _place: {})


def liveblog_positional(story: Story) -> bytes:
    """Give the newest post the address #post1, as Times of India does."""
    return _posting(story, lambda story, _post, place: {"url": f"{story.page}#post{place}"})


def liveblog_careless(story: Story) -> bytes:
    """Repeat the page's headline, picture and time in every update, as the Guardian's data does; ids are bare."""
    own = {"headline": "Race", "image": "https://img.example.net/page.jpg", "datePublished": "2025-07-01T09:00:00Z"}
    articles = "".join(
        f'<section id="liveblog-{post.id}" data-post-time="{int(post.published_at.timestamp() * 1000)}" class="'
        f'{story.build}"><h3>{escape(post.headline)}</h3><div>{story.html(post)}{_figure(story, post)}</div></section>'
        for post in story.shown
    )
    return _posting(story, lambda _story, post, _place: own | {"@id": post.id}, articles)


def _posting(story: Story, more: _More, body: str = "") -> bytes:
    updates = [update(story, post, more(story, post, place)) for place, post in enumerate(story.shown, 1)]
    posting = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "headline": "Race", "url": story.page}
    posting |= {"image": "https://img.example.net/page.jpg"}
    told = json.dumps(posting | {"liveBlogUpdate": updates, "x": story.build})
    return _html(story, f"<h1>Race</h1>{body}", f'<script type="application/ld+json">{told}</script>')


def microdata(story: Story) -> bytes:
    updates = "".join(
        f'<div itemprop="liveBlogUpdate" itemscope itemtype="http://schema.org/BlogPosting" class="{story.build}">'
        f'<meta itemprop="url" content="{story.page}#{post.number + 40}">'
        f'<h4 itemprop="headline">{escape(post.headline)}</h4>'
        f'<meta itemprop="datePublished" content="{post.published_at.isoformat()}"><div itemprop="articleBody">'
        f"{story.html(post)}</div>{_figure(story, post)}</div>"
        for post in story.shown
    )
    return _html(story, f'<h1>Race</h1><div itemscope itemtype="http://schema.org/LiveBlogPosting">{updates}</div>')


def amp(story: Story) -> bytes:
    """An AMP live list with data: deleted posts stay as tombstones."""
    posts = "".join(
        f'<div id="post-{post.number + 751000}" data-sort-time="{int(post.published_at.timestamp() * 1000)}" '
        f'data-update-time="{int(post.edited_at.timestamp() * 1000)}"{" data-tombstone" if post.deleted else ""}>'
        f"<h3>{escape(post.headline)}</h3><div>{story.html(post)}{_figure(story, post)}</div></div>"
        for post in story.posts
    )
    listed = f'<amp-live-list id="l" data-poll-interval="15000"><div items>{posts}</div></amp-live-list>'
    return _posting(story, lambda story, post, _place: {"url": f"{story.page}#{post.number + 751000}"}, listed)
