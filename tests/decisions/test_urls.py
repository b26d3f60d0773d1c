"""One page, one spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.urls import canonical_url, without_tracking

PAGE = "https://www.bbc.co.uk/news/live/c9vrrymm10nt"


@pytest.mark.parametrize(
    "typed",
    [
        PAGE,
        "HTTPS://WWW.BBC.CO.UK/news/live/c9vrrymm10nt",
        "  https://www.bbc.co.uk:443/news/live/c9vrrymm10nt#post ",
        "<https://www.bbc.co.uk/news/live/c9vrrymm10nt>",
        "www.bbc.co.uk/news/live/c9vrrymm10nt",
        f"{PAGE}?utm_source=x&at_medium=RSS&at_campaign=y&xtor=ES-1",
        f"{PAGE}?fbclid=1&gclid=2&ns_mchannel=social&ns_source=twitter&UTM_Term=z&wt_mc=rss.a",
        f"{PAGE}?post=asset%3A01234567-89ab-cdef-0123-456789abcdef#post",
        f"{PAGE}?pinned_post_locator=urn:asset:1&pinned_post_asset_id=2&pinned_post_type=share",
    ],
)
def test_every_way_to_type_a_page_means_the_same_page(typed: str) -> None:
    assert canonical_url(typed) == PAGE


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("http://example.org", "http://example.org/"),
        ("http://example.org:80/a?", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://example.org/Straße?q=ü&b=1", "https://example.org/Stra%C3%9Fe?q=%C3%BC&b=1"),
        ("https://example.org/a%2Fb?x=%26", "https://example.org/a%2Fb?x=%26"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org./live", "https://example.org/live"),
        ("https://example.org/live?post=7&page=2", "https://example.org/live?post=7&page=2"),
        ("https://www.theguardian.com/x/live?page=with:block-6#block-6", "https://www.theguardian.com/x/live"),
        ("http://[2001:DB8::1]/live", "http://[2001:db8::1]/live"),
    ],
)
def test_what_matters_to_the_server_is_kept(typed: str, canonical: str) -> None:
    assert canonical_url(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello",
        "ftp://example.org/x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://exa mple.org/",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://" + "a" * 70 + ".org/",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_anything_else_is_refused_with_one_sentence_that_repeats_no_secret(typed: str) -> None:
    if typed == "https://example.org/\n":
        assert canonical_url(typed) == "https://example.org/"
        return
    with pytest.raises(CommandError) as refused:
        canonical_url(typed)
    assert str(refused.value).endswith(".")
    assert "secret" not in str(refused.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_either_refused_or_canonical_for_good(text: str) -> None:
    for typed in (text, f"https://example.org/{text}", f"https://{text}.org/", f"https://example.org/?{text}"):
        try:
            once = canonical_url(typed)
        except CommandError:
            continue
        assert canonical_url(once) == once
        assert once.isascii()


def test_a_link_loses_its_tracking_and_nothing_else() -> None:
    assert without_tracking("https://e.org/a?b=1&utm_x=2&c=%20#d?e") == "https://e.org/a?b=1&c=%20#d?e"
    assert without_tracking("https://e.org/a?utm_x=2#d") == "https://e.org/a#d"
    assert without_tracking("mailto:somebody") == "mailto:somebody"
    assert without_tracking("https://e.org/?=&&") == "https://e.org/?="
