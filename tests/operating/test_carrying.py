"""`liverelay export` and `import`: what people chose comes out the same in another database, all of it or nothing."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.dom.minidom import parseString

import pytest
from sqlalchemy import select, update

from bot.cli import main
from bot.errors import UsageError
from bot.hours import quiet_hours, schedule
from bot.model import Ping, User
from bot.operating import opml
from bot.operating.carrying import export, import_
from bot.portable import Chosen, read_chosen
from bot.store import access, chats, reviewing, schedules, subscriptions
from bot.store.alerts import receive
from bot.store.engine import Database
from bot.store.halting import pause_all
from bot.store.migrate import upgrade
from bot.store.schema import FOREVER, chat, source, subscription
from bot.store.summaries import set_summary
from tests.mirror.world import NOON
from tests.rows import address

FEED, PAGE = "https://news.example/feed.xml", "https://news.example/live"
OPML = b"""<?xml version="1.0"?>
<opml version="1.0"><head/><body>
  <outline text="News">
    <outline text="One &amp; only" type="rss" xmlUrl="HTTPS://News.example/feed.xml?utm_source=x" htmlUrl="https://news.example/"/>
    <outline title="Two" xmlUrl="https://two.example/rss"/>
    <outline text="Two again" xmlUrl="https://two.example/rss"/>
  </outline>
  <outline text="A page" type="link" url="https://news.example/live"/>
</body></opml>"""


async def _set_up(database: Database) -> None:
    """Let people have chosen something of everything."""
    async with database.write() as connection:
        desk = await chats.find_or_make(connection, address(), kind="group", title="Desk “A”")
        topic = await chats.find_or_make(connection, address(thread="5"), kind="group", title="Topic", language="de")
        for where, url, words in ((desk, PAGE, "storm -sport"), (desk, FEED, ""), (topic, PAGE, "")):
            wish = await subscriptions.subscribe(
                connection, chat_id=where.id, url=url, filter_text=words, title="Storm", created_by="42", now=NOON
            )
        await subscriptions.set_style(connection, wish.id, {"detail": "full", "silent": True, "template": "{headline}"})
        await subscriptions.set_ping(connection, wish.id, Ping("123456789012345678", "News", "is:breaking"))
        await set_summary(connection, wish.id, "off", NOON)
        await schedules.set_zone(connection, topic.id, "Asia/Kathmandu", NOON)
        await schedules.set_quiet(connection, topic.id, quiet_hours("23:00-07:00 breaking"), NOON)
        await chats.set_fold(connection, topic.id, fold=True)
        await schedules.set_schedule(connection, [wish.id], schedule("at 08:00,18:00"), NOON)
        paused = update(subscription).where(subscription.c.chat_id == desk.id)
        await connection.execute(paused.where(subscription.c.number == 1).values(paused_until=FOREVER))
        await connection.execute(
            paused.where(subscription.c.number == 2).values(paused_until=NOON + timedelta(hours=2))
        )
        await connection.execute(update(source).where(source.c.url == FEED).values(reader="feed", last_error="secret"))
        await access.claim(connection, "telegram", User("42", "Anna"), NOON, chat="42")
        await access.allow(connection, "telegram", "chat", "-100", name="Desk", now=NOON)
        await receive(connection, address(), "-100", NOON)
        await pause_all(connection, NOON)


@pytest.fixture
async def chosen(database: Database) -> str:
    await _set_up(database)
    return await export(database, as_opml=False, now=NOON)


async def _fresh(folder: Path) -> Database:
    fresh = Database(f"sqlite:///{folder / 'fresh.db'}")
    await fresh.__aenter__()
    await upgrade(fresh)
    return fresh


async def _imported(database: Database, content: str | bytes, *, where: str = "", only_check: bool = False) -> str:
    told = content.encode() if isinstance(content, str) else content
    return await import_(database, told, where=where, only_check=only_check, now=NOON)


async def test_what_was_exported_is_the_same_after_it_was_imported_elsewhere(chosen: str, tmp_path: Path) -> None:
    fresh = await _fresh(tmp_path)
    assert await _imported(fresh, chosen) == "Brought in 2 pages, 2 chats, 3 subscriptions, 2 permissions."
    again = await export(fresh, as_opml=False, now=NOON)
    await fresh.close()
    # The reader of a page is found out when it is read.
    assert json.loads(again) == json.loads(chosen.replace('"reader": "feed"', '"reader": ""'))


async def test_what_people_decide_on_elsewhere_is_decided_on_there_after_an_import(
    database: Database, tmp_path: Path
) -> None:
    """Nothing may be posted by itself after a move that was not before."""
    async with database.write() as connection:
        news = await chats.find_or_make(connection, address("-300"), kind="group", title="News")
        desk = await chats.find_or_make(connection, address("-400"), kind="group", title="Desk")
        wish = await subscriptions.subscribe(connection, chat_id=news.id, url=PAGE, created_by="42", now=NOON)
        await reviewing.set_review(connection, wish.id, desk.id, "42", NOON)
    written = await export(database, as_opml=False, now=NOON)
    told = json.loads(written)
    assert [len(each["subscriptions"]) for each in told["chats"]] == [1, 0]  # what only asks is made again
    fresh = await _fresh(tmp_path)
    assert await _imported(fresh, written) == "Brought in 1 page, 2 chats, 1 subscription."
    assert await _imported(fresh, written) == "Brought in nothing new."
    assert await export(fresh, as_opml=False, now=NOON) == written
    async with fresh.read() as connection:
        there = await chats.find(connection, address("-300"))
        assert there is not None
        assert [each.chat for each in (await reviewing.reviewed(connection, there.id)).values()] == ["Desk"]
    told["chats"] = told["chats"][:1]
    with pytest.raises(UsageError, match="which is not among the chats"):
        await _imported(fresh, json.dumps(told))
    await fresh.close()


async def test_importing_again_changes_nothing(database: Database, chosen: str) -> None:
    assert await _imported(database, chosen) == "Brought in nothing new."
    assert await export(database, as_opml=False, now=NOON) == chosen


async def test_what_is_exported_holds_nothing_that_was_said_and_nothing_of_the_alerts(chosen: str) -> None:
    assert "secret" not in chosen
    assert "liverelay:alerts" not in chosen
    assert isinstance(read_chosen(chosen.encode()), Chosen)


async def test_a_look_at_what_an_import_would_bring_brings_nothing(chosen: str, tmp_path: Path) -> None:
    fresh = await _fresh(tmp_path)
    assert (await _imported(fresh, chosen, only_check=True)).startswith("It would bring in 2 pages, 2 chats")
    assert json.loads(await export(fresh, as_opml=False, now=NOON))["chats"] == []
    await fresh.close()


async def test_every_problem_is_said_with_its_place_and_nothing_is_brought_in(
    database: Database, chosen: str, tmp_path: Path
) -> None:
    told = json.loads(chosen)
    told["chats"][0]["timezone"] = "Mars/Olympus"
    told["chats"][0]["subscriptions"][0]["filter"] = "(storm"
    told["chats"][1]["subscriptions"][0]["style"] = {"images": "some"}
    told["chats"][1]["quiet"] = "always"
    told["sources"][0]["url"] = "ftp://news.example"
    told["access"][0]["token"] = "123"
    fresh = await _fresh(tmp_path)
    with pytest.raises(UsageError) as refused:
        await _imported(fresh, json.dumps(told))
    await fresh.close()
    first, *problems = str(refused.value).splitlines()
    assert first == "Nothing was brought in:"
    assert [problem.partition(": ")[0] for problem in problems] == [
        "access[0].token",
        "sources[0].url",
        "chats[0].timezone",
        "chats[0].subscriptions[0].filter",
        "chats[1].quiet",
        "chats[1].subscriptions[0].style",
    ]
    assert problems[2] == "chats[0].timezone: There is no time zone “Mars/Olympus”."
    assert "goes wrong at" in problems[3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b'{"version": 2}', "version: Input should be 1"),
        (b'{"chats": [{"platform": "irc", "bot": "1", "chat": "2"}]}', r"chats\[0\]\.platform: Input should be"),
        (
            b'{"chats": [{"platform": "telegram", "bot": "1", "chat": "2", "subscriptions": '
            b'[{"url": "https://a.example/", "number": 1}]}]}',
            "which is not among the sources",
        ),
    ],
)
async def test_what_is_no_export_is_said_to_be_none(database: Database, content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        await _imported(database, content)


async def test_an_installation_keeps_its_owner_and_what_it_took_down(database: Database, chosen: str) -> None:
    async with database.write() as connection:
        await connection.execute(update(source).where(source.c.url == PAGE).values(taken_down_at=NOON))
    other = json.loads(chosen)
    other["access"][1]["id"] = "99"
    with pytest.raises(UsageError) as refused:
        await _imported(database, json.dumps(other))
    assert "access[1]: telegram has another owner here, 42." in str(refused.value)
    assert f"sources[1].url: The page {PAGE} was taken down here." in str(refused.value)


# ── OPML ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_opml_file_of_a_feed_reader_is_followed_by_the_chat_that_is_named(database: Database) -> None:
    await _set_up(database)
    assert await _imported(database, OPML, where="telegram:-100/5") == "Brought in 1 page, 2 subscriptions."
    assert await _imported(database, OPML, where="-100/5") == "Brought in nothing new."
    async with database.read() as connection:
        mine = (
            select(source.c.url)
            .join_from(subscription, source)
            .join(chat, chat.c.id == subscription.c.chat_id)
            .where(chat.c.thread == "5")
        )
        followed = (await connection.execute(mine.order_by(source.c.url))).scalars().all()
    assert followed == [FEED, PAGE, "https://two.example/rss"]


async def test_the_chat_itself_goes_before_its_topics_and_an_unknown_one_is_said(database: Database) -> None:
    await _set_up(database)
    assert (await _imported(database, OPML, where="-100")) == "Brought in 1 page, 1 subscription."
    for where in ("-200", "discord:-100", "-100/6"):
        with pytest.raises(UsageError, match=f"No chat is called {where}"):
            await _imported(database, OPML, where=where)


async def test_opml_needs_a_chat_and_an_export_has_its_own(database: Database, chosen: str) -> None:
    with pytest.raises(UsageError, match="--chat says which chat"):
        await _imported(database, OPML)
    with pytest.raises(UsageError, match="--chat is for OPML files"):
        await _imported(database, chosen, where="-100")


async def test_the_exported_opml_is_read_by_an_xml_parser_and_by_ourselves(database: Database) -> None:
    await _set_up(database)
    async with database.write() as connection:
        await connection.execute(update(source).where(source.c.url == FEED).values(title='A & B "C" <d>\x1b'))
        await connection.execute(update(source).where(source.c.url == PAGE).values(asked=FEED + "?2", reader="feed"))
    told = await export(database, as_opml=True, now=NOON)
    outlines = parseString(told).getElementsByTagName("outline")
    assert [each.getAttribute("type") for each in outlines] == ["rss", "rss"]
    assert outlines[0].getAttribute("text") == 'A & B "C" <d>'
    assert outlines[1].getAttribute("htmlUrl") == PAGE
    assert f"<dateCreated>{format_datetime(NOON, usegmt=True)}</dateCreated>" in told
    assert [each.url for each in opml.read(told.encode())] == [FEED, FEED + "?2"]
    assert await _imported(database, told, where="telegram:-100") == "Brought in nothing new."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<opml><body>", "Line 1 of the OPML file is not XML: "),
        (b"<rss/>", "XML, but not OPML"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]>\n<opml><body/></opml>', "Line 1 of the OPML file holds a DOCTYPE"),
        (b'<!DOCTYPE o SYSTEM "file:///etc/passwd"><opml/>', "holds a DOCTYPE"),
        (b"<opml>" + b"<outline>" * 60, "nested too deeply"),
        (b"<opml>" + b" " * opml.LARGEST, "larger than 5 MB"),
    ],
)
def test_what_is_no_opml_or_would_do_harm_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        opml.read(content)


async def test_an_address_that_cannot_be_followed_is_named_with_its_line(database: Database) -> None:
    await _set_up(database)
    with pytest.raises(UsageError, match="line 5: That is no web address"):
        await _imported(database, OPML.replace(b"https://two.example/rss", b"gopher://two.example"), where="-100")


# ── typed ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_line_carries_an_installation_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def make(name: str, *, full: bool) -> None:
        async with Database(f"sqlite:///{tmp_path / name}") as database:
            await upgrade(database)
            if full:
                await _set_up(database)

    asyncio.run(make("old.db", full=True))
    asyncio.run(make("new.db", full=False))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", f"sqlite:///{tmp_path / 'old.db'}")
    assert main(("export", "all.json")) == 0
    assert (tmp_path / "all.json").stat().st_mode & 0o777 == 0o600
    assert main(("export", "all.json")) == 2
    assert "cannot be made" in capsys.readouterr().err
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert main(("import", "all.json", "--check")) == 0
    assert main(("import", "all.json")) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("Brought in 2 pages")
    assert main(("export", "--opml")) == 0
    assert f'url="{PAGE}"' in capsys.readouterr().out
    assert main(("import", "nowhere.json")) == 2
    assert capsys.readouterr().err.startswith("nowhere.json cannot be read")


HOSTILE = {
    "deep": b'{"version": 1, "chats": ' + b"[" * 200_000,
    "a number no database holds": b'{"version": 1, "sources": [{"url": "https://a.example/"}], "chats": [{"platform": '
    b'"telegram", "bot": "1", "chat": "2", "subscriptions": [{"url": "https://a.example/", "number": 1%s}]}]}'
    % (b"0" * 30),
    "half a sign": b'{"version": 1, "chats": [{"platform": "telegram", "bot": "1", "chat": "2", "title": "\\ud800"}]}',
    "a sign no text holds": b'{"version": 1, "chats": [{"platform": "telegram", "bot": "1", "chat": "2", '
    b'"title": "a\\u0000b"}]}',
    "an address of this machine": b'{"version": 1, "sources": [{"url": "file:///etc/passwd"}]}',
    "a bomb of a pattern": b'{"version": 1, "sources": [{"url": "https://a.example/"}], "chats": [{"platform": '
    b'"telegram", "bot": "1", "chat": "2", "subscriptions": [{"url": "https://a.example/", "number": 1, '
    b'"filter": "%s"}]}]}' % (b"(" * 100_000),
}


@pytest.mark.attack("files")
@pytest.mark.parametrize("kind", HOSTILE)
async def test_a_file_made_to_do_harm_is_refused_in_a_sentence(database: Database, kind: str) -> None:
    with pytest.raises(UsageError) as refused:
        await _imported(database, HOSTILE[kind])
    assert len(str(refused.value)) < 1000
    assert "Nothing was brought in" in str(refused.value)
