"""Feeds: what is one, in which state it may be, what its items become, and what a hostile one may cost."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest import digest
from bot.errors import UnreadablePage
from bot.model import Entry, Page, Snapshot
from bot.sources.read import read

PAGES = Path(__file__).parent.parent / "data" / "pages"
NOW = datetime(2025, 7, 1, 18, tzinfo=UTC)
URL = "https://live.example.org/race/feed"


def reading(body: bytes | str, content_type: str = "") -> Snapshot:
    return read(Page(body.encode() if isinstance(body, str) else body, URL, NOW, content_type))


def rss(*items: str, title: str = "Ferrow live") -> str:
    told = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel><title>{title}</title>{told}</channel></rss>'


def only(body: bytes | str) -> Entry:
    (entry,) = reading(body).entries
    return entry


def refusal(body: bytes | str) -> str:
    with pytest.raises(UnreadablePage) as refused:
        reading(body)
    return str(refused.value)


# ── what is a feed ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "body",
    [
        '<rss version="2.0"><channel/></rss>',
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
        '\ufeff\n\n<!-- <html> --><?xml version="1.0"?><!DOCTYPE rss><rss><channel></channel></rss>',
        "<b>Notice</b>: undefined index<br/><rss><channel></channel></rss>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>',
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"></a:feed>',
        '{"version": "https://jsonfeed.org/version/1", "items": []}',
    ],
)
def test_a_feed_is_known_by_its_root_and_may_be_empty(body: str) -> None:
    snapshot = reading(body, "text/html")
    assert snapshot.reader == "feed"
    assert snapshot.entries == ()
    assert (snapshot.status, snapshot.whole) == ("unknown", False)


@pytest.mark.parametrize(
    "body",
    [
        "<!-- <rss> -->",
        "<note><to>Ada</to></note>",
        "<html><body><rss><channel></channel></rss></body></html>",
        '{"version": "1", "title": "x"}',
        '{"items": [{"id": 1}]}',
        "{",
    ],
)
def test_what_only_looks_like_a_feed_is_refused(body: str) -> None:
    assert refusal(body) == "This is not a live page of a kind that LiveRelay can read."


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "", ""),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("cp1252", "", ""),
        ("cp1252", "utf-8", ""),
        ("cp1252", "iso-8859-1", "text/xml; charset=utf-8"),
        ("latin-1", "", "text/xml; charset=latin1"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "", ""),
        ("utf-16-be", "utf-16", ""),
        ("utf-32", "", ""),
        ("iso8859-15", "iso-8859-15", ""),
    ],
)
def test_a_feed_is_decoded_whatever_it_says_of_itself(charset: str, declared: str, header: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = (declaration + rss("<title>Crème brûlée à Paris</title>")).encode(charset)
    (entry,) = reading(body, header).entries
    assert entry.headline == "Crème brûlée à Paris"


@pytest.mark.parametrize(
    ("charset", "title"), [("koi8-r", "Паром"), ("shift_jis", "港の朝"), ("gb2312", "渡轮"), ("iso-2022-jp", "港の朝")]
)
def test_a_charset_that_is_declared_is_used(charset: str, title: str) -> None:
    body = f'<?xml version="1.0" encoding="{charset}"?>{rss(f"<title>{title}</title>")}'.encode(charset)
    assert only(body).headline == title
    assert (
        reading(rss(f"<title>{title}</title>").encode(charset), f"text/xml; charset={charset}").entries[0].headline
        == title
    )


GUESSED = {
    "cp1251": "Паром вышел из порта рано утром, и пассажиры ждут на причале новостей о погоде",
    "koi8-r": "Паром вышел из порта рано утром, и пассажиры ждут на причале новостей о погоде",
    "cp1253": "Το καράβι έφυγε από το λιμάνι νωρίς το πρωί και οι επιβάτες περιμένουν στην αποβάθρα",
    "cp1252": "Le bac est parti très tôt, à côté des élèves fatigués. Où êtes-vous passés, Noël et Zoé, né à Sète",
    "shift_jis": "けさの渡し船は霧のため遅れています。桟橋でお待ちください。",
    "euc-jp": "けさの渡し船は霧のため遅れています。桟橋でお待ちください。",
    "euc-kr": "오늘 아침 배는 안개 때문에 늦어지고 있습니다. 부두에서 기다려 주시기 바랍니다.",
}


@pytest.mark.parametrize("charset", GUESSED)
def test_a_charset_that_nobody_declares_is_guessed_by_its_letters(charset: str) -> None:
    assert only(rss(f"<title>{GUESSED[charset]}</title>").encode(charset)).headline == GUESSED[charset]


def test_a_few_letters_beyond_ascii_are_western() -> None:
    for words in ("Größe", "Ä Ö Ü", "été à la mer", "¿Qué?"):
        assert only(rss(f"<title>{words}</title>").encode("cp1252")).headline == words


def test_control_characters_and_one_bad_byte_cost_themselves_only() -> None:
    assert only(rss("<title>Gull\x0b \x00leads</title>")).headline == "Gull leads"
    assert only(rss("<title>Gull &#x110000;&#xD800;&#0;&#99999999999;leads &#233;</title>")).headline == "Gull leads é"
    long = rss(f"<title>{'é' * 30}\x00</title>").encode().replace(b"\x00", b"\xff")
    assert only(long).headline == "é" * 30 + "\ufffd"


def test_a_cut_feed_gives_the_items_that_arrived_to_their_end() -> None:
    whole = rss("<guid>a</guid><title>A</title>", "<guid>b</guid><title>B</title><description>Words</description>")
    for end in range(whole.index("<guid>b"), len(whole) - len("</item></channel></rss>")):
        cut = reading(whole[:end])
        assert ([entry.headline for entry in cut.entries], cut.complete) == (["A"], False)


def test_a_cut_json_feed_gives_the_items_that_arrived_to_their_end() -> None:
    whole = '{"version": "https://jsonfeed.org/version/1", "title": "T", "items": [{"id": 1, "title": "A"}, {"id": 2'
    cut = reading(whole)
    assert ([entry.key for entry in cut.entries], cut.title, cut.complete) == (["1"], "T", False)


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def key_of(item: str) -> str:
    return only(rss(item)).key


def test_the_id_comes_before_the_link_and_the_link_before_the_words() -> None:
    link = "<link>https://a.example/1</link>"
    assert key_of(f"<guid>x-1</guid>{link}") == "x-1"
    assert key_of(link) == "https://a.example/1"
    assert key_of("<title>Gull</title>").startswith("derived:")


@pytest.mark.parametrize(
    "link",
    [
        "http://a.example/1",
        "https://A.example/1",
        "https://a.example:443/1",
        "https://a.example/1?utm_source=rss&at_medium=x",
    ],
)
def test_a_key_survives_https_tracking_and_the_hosts_letters(link: str) -> None:
    link = link.replace("&", "&amp;")
    assert key_of(f"<link>{link}</link>") == key_of(f"<guid>{link}</guid>") == "https://a.example/1"


def test_only_the_bbc_counts_republications_in_a_fragment() -> None:
    assert key_of("<guid>https://www.bbc.com/news/articles/c1#7</guid>") == "https://www.bbc.com/news/articles/c1"
    assert key_of("<guid>https://a.example/live#7</guid>") == "https://a.example/live#7"


def test_a_key_made_of_words_ignores_the_body_and_how_the_time_is_spelled() -> None:
    one = key_of(
        "<title>Gull leads</title><pubDate>Tue, 01 Jul 2025 12:00:00 GMT</pubDate><description>x</description>"
    )
    assert one == key_of("<title>gull  LEADS</title><pubDate>2025-07-01T14:00:00+02:00</pubDate>")
    assert one != key_of("<title>Gull leads</title><pubDate>2025-07-01T14:00:01+02:00</pubDate>")


def test_an_id_told_twice_is_one_entry_and_its_newest_item_counts() -> None:
    old = "<guid>a</guid><title>Old</title><pubDate>2025-07-01T10:00:00Z</pubDate>"
    new = "<guid>a</guid><title>New</title><pubDate>2025-07-01T11:00:00Z</pubDate>"
    for items in ((old, new), (new, old)):
        entry = only(rss(*items))
        assert (entry.headline, entry.flags) == ("New", frozenset())


def test_an_id_that_all_items_share_is_none() -> None:
    items = [f"<guid>site</guid><link>https://a.example/{number}</link>" for number in range(3)]
    assert [entry.key for entry in reading(rss(*items)).entries] == [f"https://a.example/{n}" for n in range(3)]


@pytest.mark.parametrize("name", ["feed-rss.xml", "feed-atom.xml", "feed-rdf.xml"])
@pytest.mark.parametrize("junk", [b"<x:y>& <br></x:y>", b"<p>&nosuch;", b"<b><i></b></i>", b"<wrong attribute>"])
def test_a_feed_that_turns_ill_formed_says_the_same(name: str, junk: bytes) -> None:
    body = (PAGES / name).read_bytes().replace(b"& sign", b"&amp; sign").replace(b"&eacute;", "é".encode())
    body = body.replace(b"undeclared:rating", b"rating")
    end = max(body.rfind(b"</item>"), body.rfind(b"</entry>")) + len(b"</item>") + (b"</entry>" in body)
    assert reading(body[:end] + junk + body[end:]).entries == reading(body).entries


# ── words and pictures ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_standfirst_is_kept_where_there_is_a_body_besides() -> None:
    entries = reading((PAGES / "feed-rss.xml").read_bytes()).entries
    assert entries[0].standfirst is not None
    assert entries[0].standfirst.text == "The third leg in short."
    assert entries[1].standfirst is None


def test_a_standfirst_that_is_the_beginning_of_the_body_is_none() -> None:
    body = "<content:encoded><![CDATA[<p>The nets are dry today.</p>]]></content:encoded>"
    for short in ("The nets are dry…", "The nets are […]", "The nets are dry today."):
        assert only(rss(f"<title>N</title><description>{short}</description>{body}")).standfirst is None


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("Tom & Jerry", "Tom & Jerry"),
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
        ("<![CDATA[ 3 < 4 &amp; <i>so</i> ]]>", "3 < 4 & so"),
        ("Ferrow live", None),
        ("", None),
    ],
)
def test_a_title_is_plain_and_none_where_it_is_the_feeds(title: str, headline: str | None) -> None:
    assert only(rss(f"<guid>a</guid><title>{title}</title>")).headline == headline


def test_a_text_that_is_escaped_twice_is_unescaped_twice_and_placeholders_go() -> None:
    entry = only(rss("<description>&amp;lt;p&amp;gt;Wind, [[ge:rep:1]] and rain&amp;lt;/p&amp;gt;</description>"))
    assert entry.body.text == "Wind, and rain"


def test_a_videos_description_is_a_body_only_where_there_is_no_other() -> None:
    media = "<media:group><media:title>V</media:title><media:description>Under it</media:description></media:group>"
    assert only(rss(f"<title>N</title>{media}")).body.text == "Under it"
    assert only(rss(f"<title>N</title><description>Words</description>{media}")).body.text == "Words"
    assert only(rss(f"<title>N</title>{media}")).headline == "N"


def test_links_and_pictures_begin_where_xml_base_says() -> None:
    content = '<content type="html">&lt;a href="x"&gt;X&lt;/a&gt;&lt;img src="y.png"&gt;</content>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/d/"><entry><id>1</id>{content}</entry></feed>'
    entry = only(feed)
    assert [span.url for span in entry.body.spans] == ["https://b.example/d/x"]
    assert [image.url for image in entry.images] == ["https://b.example/d/y.png"]


def test_pictures_are_the_widest_of_each_and_icons_and_portraits_are_none() -> None:
    def shown(*media: str) -> list[str]:
        return [image.url for image in only(rss("<guid>a</guid>" + "".join(media))).images]

    small = '<media:thumbnail url="https://i.example/s.jpg" width="240"/>'
    smaller = '<media:thumbnail url="https://i.example/xs.jpg" width="120"/>'
    icon = '<media:thumbnail url="https://i.example/i.jpg" width="30"/>'
    portrait = '<media:content url="https://0.gravatar.com/avatar/1" medium="image"/>'
    large = '<media:content url="https://i.example/l.jpg" type="image/jpeg"/>'
    attached = '<enclosure url="https://i.example/e.png" type="image/png" length="1"/>'
    assert shown(smaller, small, icon) == ["https://i.example/s.jpg"]
    assert shown(small, large) == ["https://i.example/l.jpg"]
    assert shown(attached) == ["https://i.example/e.png"]
    assert shown(icon, portrait) == []


def test_one_category_is_the_label_and_several_are_keywords() -> None:
    assert only(rss("<guid>a</guid><category>Analysis</category>")).label == "Analysis"
    assert only(rss("<guid>a</guid><category>Uncategorized</category>")).label is None
    assert only(rss("<guid>a</guid><category>a</category><category>b</category>")).label is None


# ── bounds ───────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = '<rss version="2.0"><channel><title>T</title><item><guid>a</guid>'
TAIL = "</item></channel></rss>"


@pytest.mark.parametrize(
    "inside",
    [
        "<a " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>",
        "<a x='>' " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>",
        "<a x=' " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>",
        ("<a " + " ".join(f'a{n}=""' for n in range(1_500)) + "/>") * 200,
        "<a>" * 600_000,
        f"<author>{'a' * 100_000}</author>",
        f"<author>{'a' * 1_900}</author>" * 1_000,
        "".join(f"<category>{n}</category>" for n in range(20_000)),
        f"<description>{'&a' * 2_000_000}</description>",
    ],
    ids=[
        "attributes",
        "behind a bracket",
        "behind a quote",
        "many attributes",
        "tags",
        "author",
        "authors",
        "categories",
        "references",
    ],
)
def test_what_would_take_the_library_too_long_is_refused_at_once(inside: str) -> None:
    began = time.process_time()
    assert refusal(HEAD + inside + TAIL).startswith("The feed ")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 55_000,
        f"<description><![CDATA[{'<b>' * 300_000}]]></description>",
        f"<description>{'&lt;i&gt;' * 100_000}</description>",
        f"<description><![CDATA[<img src='data:image/png;base64,{'A' * 100_000}'>Words]]></description>",
        '<a "' * 55_000,
        "<!--" * 300_000,
    ],
    ids=["nested", "nested in text", "nested escaped", "a written-out picture", "quotes", "comments"],
)
def test_what_is_within_bounds_is_read_in_time(inside: str) -> None:
    began = time.process_time()
    assert reading(HEAD + inside + TAIL).reader == "feed"
    assert time.process_time() - began < 5


def test_a_feed_of_an_address_or_a_path_is_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<guid>a</guid><title>Secret</title>"))
    assert refusal(str(secret)).startswith("This is not")
    entity = f'<!DOCTYPE rss [<!ENTITY e SYSTEM "file://{secret}">]>{rss("<guid>b</guid><title>x &e;</title>")}'
    assert "Secret" not in str(reading(entity).entries)


def test_only_so_many_items_are_read() -> None:
    assert len(reading(rss(*(f"<guid>{n}</guid>" for n in range(1_200)))).entries) == 1_000
    items = [{"id": n} for n in range(1_200)]
    assert len(reading(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items})).entries) == 1_000


ORIGINALS = [(PAGES / name).read_bytes() for name in ("feed-rss.xml", "feed-atom.xml", "feed-rdf.xml", "feed.jsonfeed")]
SPLICES = st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"&#x110000;",
        b"&#99999999999;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b'"',
        b"</item>",
        b"<item>",
        b"\x00",
        b"\xff\xfe",
        b"{",
        b"[",
        b"<title>",
        b"<svg>",
        b"</svg>",
        b"<content type='base64'>",
        b"xml:base='http://['",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_any_mutilation_gives_a_snapshot_or_one_clear_error(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(ORIGINALS))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 60)))
        body = body[:start] + data.draw(SPLICES | st.binary(max_size=4)) + body[end:]
    _used_as_the_program_does(body)


def _used_as_the_program_does(body: bytes | str) -> None:
    try:
        snapshot = reading(body)
    except UnreadablePage:
        return
    keys = [entry.key for entry in snapshot.entries]
    assert len(set(keys)) == len(keys)
    assert "" not in keys
    for entry in snapshot.entries:
        assert entry.published_at is None or entry.published_at.tzinfo
        assert entry.body.text == entry.body.text.strip()
        assert all(0 <= span.start < span.end <= len(entry.body) for span in entry.body.spans)
        digest(entry).encode()
        told = f"{entry.key} {entry.url} {entry.headline} {entry.body.text} {entry.author} {entry.label} {entry.images}"
        assert "\0" not in told.encode().decode()


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["https://[", "\ud800", "\0", "https://a.example/\0"])
)
# Two levels by hand: `st.recursive` warns, and so fails, when by chance a run never goes down.
INNER = (
    LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "id"]), LEAVES, max_size=3)
)
STRANGE = (
    INNER | st.lists(INNER, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "id"]), INNER, max_size=3)
)
FIELDS = ("id", "url", "title", "content_html", "content_text", "summary", "image", "date_published", "author", "tags")


@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), STRANGE) | STRANGE, max_size=4), STRANGE)
def test_a_json_feed_may_hold_anything_anywhere(items: list[object], title: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "authors": title, "items": items}
    _used_as_the_program_does(json.dumps(feed))


# ── who announces it ─────────────────────────────────────────────────────────────────────────────────────────────

HUB, SELF = "https://hub.example/", "https://feeds.example/news"
HUBS = {
    "rss": (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>'
        f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{SELF}"/>'
        "<item><title>x</title></item></channel></rss>"
    ),
    "atom": (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="hub" href="{HUB}"/>'
        f'<link rel="self" href="{SELF}"/><entry><id>1</id><title>x</title></entry></feed>'
    ),
    "json": (
        f'{{"version": "https://jsonfeed.org/version/1.1", "feed_url": "{SELF}", "items": [{{"id": "1"}}],'
        f'"hubs": [{{"type": "rssCloud", "url": "x"}}, {{"type": "WebSub", "url": "{HUB}"}}]}}'
    ),
}


@pytest.mark.parametrize("kind", HUBS)
def test_a_feed_names_its_hub_and_the_topic_by_which_that_knows_it(kind: str) -> None:
    snapshot = reading(HUBS[kind])
    assert (snapshot.hub, snapshot.topic) == (HUB, SELF)


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ("<ttl>15</ttl>", 15),
        ("<ttl>0</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 15),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", 1440),
        ("", None),
    ],
)
def test_a_feed_says_how_often_it_likes_to_be_read(told: str, minutes: int | None) -> None:
    names = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    feed = f'<rss version="2.0" {names}><channel><title>t</title>{told}<item><title>x</title></item></channel></rss>'
    every = reading(feed).every
    assert (every and every.total_seconds() / 60) == minutes
