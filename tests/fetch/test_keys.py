"""Keys of the operator's: put into what is asked of their host, and into nothing that is kept or told."""

from __future__ import annotations

import pytest

from bot.settings import load
from bot.sources.web import ApiKey

from .site import HandClock, Site, fetching, refusal

pytestmark = pytest.mark.attack("secrets")

KEYS = {"api.example": ApiKey("api-key", "s3cr3t-key")}


async def test_a_key_goes_to_its_host_alone_and_never_into_the_page(site: Site, clock: HandClock) -> None:
    site.says("/blog", b"<html>")
    async with fetching(clock, keys=KEYS) as fetcher:
        for host in ("api.example", "other.example"):
            fetched = await fetcher.fetch(site.url("/blog?show-blocks=all", host))
            assert fetched.page is not None
            assert fetched.page.url == site.url("/blog?show-blocks=all", host)
    keyed, other = site.asked("/blog")
    assert dict(keyed.query) == {"show-blocks": "all", "api-key": "s3cr3t-key"}
    assert dict(other.query) == {"show-blocks": "all"}
    assert all("api-key" not in request.query for request in site.asked("/robots.txt"))


async def test_a_redirect_takes_no_key_along(site: Site, clock: HandClock) -> None:
    site.says("/blog", status=302, headers={"Location": site.url("/there", "other.example")})
    site.says("/here", status=302, headers={"Location": "/blog"})
    site.says("/there", b"<html>")
    async with fetching(clock, keys=KEYS) as fetcher:
        fetched = await fetcher.fetch(site.url("/here", "api.example"))
    assert fetched.page is not None
    assert fetched.page.url == site.url("/there", "other.example")
    assert not site.asked("/there")[0].query


async def test_no_error_tells_the_key(site: Site, clock: HandClock) -> None:
    site.says("/blog", status=403)
    async with fetching(clock, keys=KEYS) as fetcher:
        assert "s3cr3t" not in str(await refusal(fetcher, site.url("/blog", "api.example")))
        assert "s3cr3t" not in repr(KEYS)


def test_the_guardians_key_is_a_secret_and_makes_its_api_a_reading() -> None:
    settings = load(None, {"LIVERELAY_GUARDIAN__API_KEY": "s3cr3t-key"})
    assert "s3cr3t-key" in settings.secrets()
    assert "s3cr3t" not in repr(settings) + repr(settings.fetching)
    assert settings.fetching.keys["content.guardianapis.com"].value == "s3cr3t-key"
    assert load(None, {}).fetching.keys == {}
