"""Every format in which a story is told, and by which reader it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.model import Page, Snapshot
from bot.sources.read import read

from . import story_answers as answers
from . import story_pages as pages
from .stories import NOW, Story


@dataclass(frozen=True, slots=True)
class Format:
    """How a story is told: by which reader it is read, and under which address below the page's host."""

    reader: str
    tell: Callable[[Story], bytes]
    path: str = ""

    def page(self, story: Story) -> Page:
        """Return the story as it is fetched."""
        url = f"{story.scheme}://{story.host}{self.path}" if self.path else story.page
        return Page(self.tell(story), url, NOW)

    def read(self, story: Story) -> Snapshot:
        """Return what is read of the story."""
        return read(self.page(story))


FORMATS = {
    "bbc": Format("bbc", pages.bbc),
    "bbc with its model": Format("bbc", pages.bbc_with_model),
    "bbc-world": Format("bbc-world", pages.bbc_world),
    "bbc-lx": Format("bbc-lx", pages.bbc_lx),
    "bbc-lx without JSON": Format("bbc-lx", pages.bbc_lx_html),
    "page-text": Format("page-text", pages.copied_text),
    "guardian": Format("guardian", pages.guardian),
    "guardian before 2020": Format("guardian", pages.guardian_old),
    "guardian-json": Format("guardian-json", answers.guardian_model),
    "guardian-api": Format("guardian-api", answers.guardian_api),
    "liveblog": Format("liveblog", pages.liveblog),
    "liveblog without ids": Format("liveblog", pages.liveblog_without_ids),
    "liveblog with positions as ids": Format("liveblog", pages.liveblog_positional),
    "liveblog that repeats the page's": Format("liveblog", pages.liveblog_careless),
    "liveblog in microdata": Format("liveblog", pages.microdata),
    "liveblog in an AMP live list": Format("liveblog", pages.amp),
    "wordpress-liveblog": Format("wordpress-liveblog", answers.wordpress, "/liveblog/v1/7/entries/0/9999999999"),
    "sourcefabric 1": Format("sourcefabric", answers.sourcefabric_v1, "/api/client_blogs/5f/posts"),
    "sourcefabric 2": Format("sourcefabric", answers.sourcefabric_v2, "/api/v2/client_blogs/5f/posts?limit=100"),
    "24liveblog": Format("24liveblog", answers.live24, "/event/300/news/"),
    "arena": Format("arena", answers.arena, "/v1/liveblog/p/e"),
    "arena without ids": Format("arena", answers.arena_without_ids, "/v1/liveblog/p/e"),
    "tickaroo": Format("tickaroo", answers.tickaroo, "/prefetch/liveblog.json"),
    "rss": Format("feed", answers.rss, "/feed"),
    "rss without guids": Format("feed", answers.rss_of_links, "/feed"),
    "rss without guids and links": Format("feed", answers.rss_without_ids, "/feed"),
    "atom": Format("feed", answers.atom, "/feed"),
    "rdf": Format("feed", answers.rdf, "/feed"),
    "json feed": Format("feed", answers.json_feed, "/feed"),
}
