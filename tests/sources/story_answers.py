"""A story as platforms and publishers answer it to programs: JSON, feeds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Any

from .stories import Post, Story

Told = dict[str, Any]


def _bytes(told: Any) -> bytes:
    return json.dumps(told).encode()


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _figure(story: Story, post: Post) -> str:
    url = story.picture(post)
    return f'<figure><img src="{url}" alt="A picture"><figcaption>Seen</figcaption></figure>' if url else ""


# ── the Guardian ─────────────────────────────────────────────────────────────────────────────────────────────────


def guardian_model(story: Story) -> bytes:
    blocks = [guardian_block(story, post) for post in story.shown]
    pinned = next((block for block, post in zip(blocks, story.shown, strict=True) if post.pinned), None)
    model = {
        "webURL": story.page,
        "webTitle": "The race",
        "format": {"design": "LiveBlogDesign"},
        "blocks": blocks,
        "pagination": {"currentPage": 1, "totalPages": 2, "older": f"?page=with:block-{'a' * 24}"},
        "linkedData": [{"@type": "LiveBlogPosting", "x": story.build}],
    }
    return _bytes(model | ({"pinnedPost": pinned} if pinned else {}))


def guardian_block(story: Story, post: Post) -> Told:
    elements: list[Told] = [{"_type": "model.dotcomrendering.pageElements.TextBlockElement", "html": story.html(post)}]
    if url := story.picture(post):
        images = [{"url": url, "fields": {"width": str(story.width), "height": "500"}}]
        told = {"alt": "A picture", "caption": "Seen", "credit": ""}
        kind = "model.dotcomrendering.pageElements.ImageBlockElement"
        elements.append({"_type": kind, "data": told, "media": {"allImages": images}})
    return {
        "id": post.id,
        "title": escape(post.headline),
        "elements": elements,
        "blockCreatedOn": _ms(post.published_at) - 60_000,
        "blockFirstPublished": _ms(post.published_at),
        "blockLastUpdated": _ms(post.edited_at),
        "attributes": {"pinned": post.pinned, "keyEvent": False, "summary": False},
        "contributors": [],
    }


def guardian_api(story: Story) -> bytes:
    blocks = [
        {
            "id": post.id,
            "title": post.headline,
            "bodyHtml": story.html(post) + _figure(story, post),
            "attributes": {"pinned": True} if post.pinned else {},
            "published": not post.deleted,
            "firstPublishedDate": _z(post.published_at),
            "lastModifiedDate": _z(post.edited_at),
            "contributors": [],
        }
        for post in story.posts
    ]
    content = {"type": "liveblog", "webUrl": story.page, "fields": {"liveBloggingNow": "true", "headline": "The race"}}
    return _bytes({"response": {"content": content | {"blocks": {"body": blocks, "totalBodyBlocks": 40}}}})


# ── platforms ────────────────────────────────────────────────────────────────────────────────────────────────────


def wordpress(story: Story) -> bytes:
    entries = [
        {
            "id": str(post.number),
            "type": "delete" if post.deleted else "new" if post.edited is None else "update",
            "render": f"<h3>{escape(post.headline)}</h3>{story.html(post)}{_figure(story, post)}",
            "timestamp": int(post.edited_at.timestamp()),
            "entry_time": int(post.published_at.timestamp()),
            "share_link": f"{story.page}#{post.number}",
            "css_classes": f"liveblog-entry {story.build}",
        }
        for post in story.posts
    ]
    return _bytes({"entries": entries, "latest_timestamp": 1751383000, "pages": 1})


def sourcefabric_v1(story: Story) -> bytes:
    return _bytes({"_items": [_sourcefabric(story, post, version=1) for post in story.posts], "_meta": {"total": 40}})


def sourcefabric_v2(story: Story) -> bytes:
    return _bytes({"_items": [_sourcefabric(story, post, version=2) for post in story.posts], "_meta": {"total": 40}})


def _sourcefabric(story: Story, post: Post, *, version: int) -> Told:
    items: list[Told] = [{"item_type": "text", "text": f"<p>{escape(post.headline)}</p>{story.html(post)}"}]
    if url := story.picture(post):
        renditions = {"baseImage": {"href": url}}
        items.append({"item_type": "image", "meta": {"caption": "Seen"}, "renditions": renditions})
    groups = [{"id": "root"}, {"id": "main", "refs": [{"item": item} for item in items]}]
    return {
        "_id": f"urn:newsml:x:{post.number}",
        "blog": "5f0000000000000000000001",
        "_created": _z(post.published_at),
        "_updated": _z(post.edited_at),
        "published_date": _z(post.published_at),
        "post_status": "open",
        "deleted": post.deleted,
        "sticky": post.pinned,
    } | ({"groups": groups} if version == 1 else {"items": items})


def live24(story: Story) -> bytes:
    news = [
        {
            "nid": f"99000{post.number}",
            "newstitle": post.headline,
            "contents": story.html(post) + _figure(story, post),
            "created": int(post.published_at.timestamp()),
            "updated": int(post.edited_at.timestamp()),
            "pinned": int(post.pinned),
        }
        for post in story.shown
    ]
    return _bytes({"data": {"event": {"closed": 0, "title": "The race"}, "news": news}})


def arena(story: Story) -> bytes:
    posts = [_arena(story, post) | {"_id": f"post{post.id}"} for post in story.shown]
    return _bytes({"eventInfo": {"name": "The race"}, "posts": posts})


def arena_without_ids(story: Story) -> bytes:
    return _bytes({"eventInfo": {"name": "The race"}, "posts": [_arena(story, post) for post in story.shown]})


def _arena(story: Story, post: Post) -> Told:
    media = [{"type": "image", "url": story.picture(post)}] if story.picture(post) else []
    message = {"title": post.headline, "text": story.html(post), "media": media}
    times = {"createdAt": _ms(post.published_at), "modifiedAt": _ms(post.edited_at)}
    return {"message": message, "pinned": post.pinned, **times}


def tickaroo(story: Story) -> bytes:
    posting = {"@type": "LiveBlogPosting", "headline": "The race", "url": story.page}
    told = json.dumps(posting | {"liveBlogUpdate": [update(story, post, {}) for post in story.shown]})
    initial = escape(json.dumps({"schemaOrg": told, "build": story.build}))
    return _bytes({"html": f'<div initialData="{initial}"></div>'})


def update(story: Story, post: Post, more: Told) -> Told:
    """Return a post as schema.org has it."""
    return {
        "@type": "BlogPosting",
        "headline": post.headline,
        "articleBody": story.html(post),
        "datePublished": post.published_at.isoformat(),
        "dateModified": _z(post.edited_at),
        **({"image": story.picture(post)} if story.picture(post) else {}),
        **more,
    }


# ── feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def rss(story: Story) -> bytes:
    return _rss(story, lambda post: f'<guid isPermaLink="false">leg-{post.number}</guid>')


def rss_of_links(story: Story) -> bytes:
    return _rss(story, lambda post: f"<link>{escape(story.link(post))}</link>")


def rss_without_ids(story: Story) -> bytes:
    return _rss(story, lambda _post: "")


def _rss(story: Story, identity: Any) -> bytes:
    items = "".join(
        f"<item><title>{escape(post.headline)}</title>{identity(post)}<description>{escape(story.html(post))}"
        f"</description><pubDate>{format_datetime(post.published_at)}</pubDate>{_media(story, post)}</item>"
        for post in story.shown
    )
    spaces = 'xmlns:media="http://search.yahoo.com/mrss/"'
    return f'<rss version="2.0" {spaces}><channel><title>Race</title>{items}</channel></rss>'.encode()


def _media(story: Story, post: Post) -> str:
    url = story.picture(post)
    return f'<media:content url="{url}" medium="image" width="{story.width}"/>' if url else ""


def atom(story: Story) -> bytes:
    entries = "".join(
        f"<entry><id>tag:x,2025:{post.number}</id><title>{escape(post.headline)}</title>"
        f"<updated>{_z(post.edited_at)}</updated><published>{_z(post.published_at)}</published>"
        f'<content type="html">{escape(story.html(post) + _figure(story, post))}</content></entry>'
        for post in story.shown
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Race</title>{entries}</feed>'.encode()


def rdf(story: Story) -> bytes:
    items = "".join(
        f'<item rdf:about="{escape(story.link(post))}"><title>{escape(post.headline)}</title><link>'
        f"{escape(story.link(post))}</link><description>{escape(story.html(post))}</description>"
        f"<dc:date>{_z(post.published_at)}</dc:date></item>"
        for post in story.shown
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return f"<rdf:RDF {spaces}><channel><title>Race</title></channel>{items}</rdf:RDF>".encode()


def json_feed(story: Story) -> bytes:
    items = [
        {
            "id": post.number,
            "title": post.headline,
            "content_html": story.html(post),
            "date_published": _z(post.published_at),
            "date_modified": _z(post.edited_at),
            **({"image": story.picture(post)} if story.picture(post) else {}),
        }
        for post in story.shown
    ]
    return _bytes({"version": "https://jsonfeed.org/version/1.1", "title": "Race", "items": items})
