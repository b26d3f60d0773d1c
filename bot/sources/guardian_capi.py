"""A Guardian live blog as the Content API tells it (`content.guardianapis.com`, with a key of the operator's).

`response.content.blocks.body[]`, or the lists of `requestedBodyBlocks` where only some were asked for. A block that
is not `published` was withdrawn. Its flags are there only where they are true, its body is HTML.
Ended is `fields.liveBloggingNow` "false". The address of such an answer holds the key and is never told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.model import Entry, Snapshot, Status

from . import guardian_block
from .body import Body, bare, inline
from .document import Document
from .guardian_json import MOST_BLOCKS, PUBLISHER
from .keys import finished
from .links import absolute, page_address
from .told import count, later, moment, record, records, string, words

NAME = "guardian-api"
SITE = "https://www.theguardian.com/"

_STATES: dict[str, Status] = {"true": "live", "false": "ended"}

_Told = Mapping[str, Any]


def recognises(document: Document) -> bool:
    """Whether this is the Content API's answer about one article with blocks."""
    return b'"response"' in document.body and b'"blocks"' in document.body and bool(_content(document).get("blocks"))


def read(document: Document) -> Snapshot:
    """Return the Snapshot."""
    content = _content(document)
    page = page_address(absolute(SITE, words(content.get("webUrl")) or words(content.get("id"))))
    fields = record(content.get("fields"))
    told = _blocks(record(content.get("blocks")))
    names = _names(records(content.get("tags")))
    total = count(record(content.get("blocks")).get("totalBodyBlocks"))
    found = (_entry(block, page, names) for block in told if block.get("published") is not False)
    taken_back = (guardian_block.block_id(block.get("id")) for block in told if block.get("published") is False)
    return Snapshot(
        url=page,
        reader=NAME,
        title=bare(string(fields.get("headline"))) or words(content.get("webTitle")) or None,
        status=_STATES.get(str(fields.get("liveBloggingNow")).lower(), "unknown"),
        entries=finished(entry for entry in found if entry),
        source_name=PUBLISHER,
        modified_at=moment(fields.get("lastModified")),
        whole=0 < total <= len(told),
        absence_tells=bool(_stream(record(content.get("blocks")))),
        withdrawn=tuple(filter(None, taken_back)),
    )


def _content(document: Document) -> dict[str, Any]:
    return record(record(record(document.json).get("response")).get("content"))


def _blocks(blocks: _Told) -> list[dict[str, Any]]:
    """Return the blocks that came, each once, in the order in which they came.

    Beside the newest, older ones of a kind that was asked for, too, prove nothing about those between: they are left
    out, but for the pinned one, which stands above all.
    """
    stream, others = _stream(blocks), _requested(blocks, "")
    here = {block.get("id") for block in stream if isinstance(block.get("id"), str)}
    above = [block for block in others if words(block.get("id")) not in here]
    pinned = [block for block in above if record(block.get("attributes")).get("pinned") is True]
    found: dict[str, dict[str, Any]] = {}
    for block in (*pinned, *stream) if stream else others:
        found.setdefault(guardian_block.block_id(block.get("id")), block)
    return list(found.values())[:MOST_BLOCKS]


def _stream(blocks: _Told) -> list[dict[str, Any]]:
    """Return the newest blocks; none where only those of a kind (key events, summaries) or since a moment came."""
    return records(blocks.get("body")) or _requested(blocks, "body:latest") or _requested(blocks, "body:oldest")


def _requested(blocks: _Told, asked: str) -> list[dict[str, Any]]:
    told = record(blocks.get("requestedBodyBlocks")).items()
    return [block for name, found in told if name.startswith(asked) for block in records(found)]


def _names(tags: list[dict[str, Any]]) -> dict[str, str]:
    """Return the names of the contributors by the ids with which blocks name them."""
    return {words(tag.get("id")): words(tag.get("webTitle")) for tag in tags if tag.get("type") == "contributor"}


def _entry(block: _Told, page: str, names: Mapping[str, str]) -> Entry | None:
    key = guardian_block.block_id(block.get("id"))
    if not key:
        return None
    body = Body(page)
    body.html(string(block.get("bodyHtml")))
    if not (body.rich_text() or body.images or body.clips or body.embeds):
        body.text(bare(string(block.get("bodyTextSummary"))))
    published = _first_time(block, "firstPublishedDate", "publishedDate", "createdDate")
    attributes = record(block.get("attributes"))
    return Entry(
        key=key,
        headline=inline(string(block.get("title")) or string(attributes.get("title"))) or None,
        body=body.rich_text(),
        published_at=published,
        updated_at=later(_first_time(block, "lastModifiedDate"), published),
        url=guardian_block.block_address(page, key),
        authors=guardian_block.authors(_contributors(block.get("contributors"), names)),
        images=tuple(body.images),
        clips=tuple(body.clips),
        embeds=tuple(body.embeds),
        flags=guardian_block.flags(attributes),
    )


def _contributors(told: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the contributors as objects with a name; the API tells most as the id of a tag."""
    if not isinstance(told, list):
        return []
    return [one if isinstance(one, dict) else {"name": names.get(words(one), "")} for one in told]


def _first_time(block: _Told, *names: str) -> Any:
    """Return the first time that is told: as a string, or as an object that holds one."""
    told = (block.get(name) for name in names)
    times = (moment(one.get("iso8601") or one.get("dateTime") if isinstance(one, dict) else one) for one in told)
    return next(filter(None, times), None)
