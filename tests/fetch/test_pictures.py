"""Pictures for platforms that do not take their addresses: guarded and bounded like pages."""

from __future__ import annotations

from bot.sources.fetch import HttpFetcher
from bot.sources.pictures import WebPictures

from .site import Site


async def test_a_pictures_bytes_come_as_they_are(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/tug.png", b"a picture", headers={"Content-Type": "image/png"})
    assert await WebPictures(fetcher).picture(site.url("/tug.png"), 9) == b"a picture"


async def test_what_is_too_large_missing_or_forbidden_is_not_had(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/tug.png", b"a picture")
    site.says("/secret.png", b"a picture")
    site.says("/robots.txt", b"User-agent: *\nDisallow: /secret.png")
    pictures = WebPictures(fetcher)
    assert await pictures.picture(site.url("/tug.png"), 8) is None
    assert await pictures.picture(site.url("/missing.png"), 8) is None
    assert await pictures.picture(site.url("/secret.png"), 100) is None
    assert await pictures.picture("http://169.254.169.254/latest/meta-data", 100) is None


async def test_a_picture_may_be_larger_than_a_page(site: Site, fetcher: HttpFetcher) -> None:
    site.says("/large.png", bytes(6_000_000))
    assert len(await WebPictures(fetcher).picture(site.url("/large.png"), 10_000_000) or b"") == 6_000_000
