"""People decide in one chat what another gets: through Telegram's buttons, with the real core behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.store import deciding

from .world import ADA, URL, TelegramWorld

BEN = "ben"


@dataclass
class Desk:
    """Two groups of ada's: what stands in `news` was let through in `desk`, where ben is an administrator, too."""

    world: TelegramWorld
    news: str
    desk: str

    async def told(self, key: str, at: int = 1) -> None:
        """The page tells something new, and the bot all that it may."""
        self.world.page.publish(key, at=at)
        await self.world.live(1)

    async def press(self, label: str, user: str = ADA) -> str:
        """Press what stands under the newest message of the desk, and let the bot do what follows."""
        note = await self.world.press(self.desk, label, user)
        await self.world.live(1)
        return note

    def published(self) -> list[str]:
        return [text.split("\n")[0] for text in self.world.said(self.news) if text.startswith("Headline")]

    def asked(self) -> list[str]:
        """The messages that asked for a decision."""
        return [text for text in self.world.said(self.desk) if text.startswith("Headline")]

    def buttons(self) -> list[str]:
        posts = self.world.telegram.world.find(self.desk).posts
        rows = (posts[max(posts)].markup or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


@pytest.fixture
async def desk(world: TelegramWorld) -> Desk:
    world.private()
    news, editors = world.open_chat("supergroup", "News"), world.open_chat("supergroup", "Editors")
    chat = world.telegram.world.find(editors)
    chat.admins.append(world.telegram.world.person(BEN))
    await world.settled()
    assert "Following" in await world.ask(news, f"/subscribe {URL}")
    await world.live()
    made = Desk(world, news, editors)
    await begin(made)
    return made


async def begin(desk: Desk) -> str:
    """Let the one group decide for the other, as its people would, and return the code."""
    asked = await desk.world.ask(desk.news, "/review on")
    code = re.search(r"/review ([a-z0-9]{8})", asked)
    assert code, asked
    assert "for News comes here first" in await desk.world.ask(desk.desk, code[0])
    return code[1]


async def test_an_entry_comes_to_those_who_decide_and_then_where_it_was_wanted(desk: Desk) -> None:
    await desk.told("a")
    assert desk.published() == []
    assert desk.buttons() == ["Publish", "Skip"]
    assert "Not yet in News" in desk.asked()[-1]
    assert await desk.press("Publish") == "Published in News."
    assert desk.published() == ["Headline a"]
    assert re.search(r"✓ Published in News by ada, \d\d:\d\d", desk.asked()[-1])
    assert desk.buttons() == []


async def test_what_is_skipped_does_not_come_and_can_be_published_after_all(desk: Desk) -> None:
    await desk.told("a")
    assert await desk.press("Skip", BEN) == "Skipped. It does not come to News."
    assert desk.published() == []
    assert "✗ Not published in News: skipped by ben" in desk.asked()[-1]
    assert desk.buttons() == ["Publish after all"]
    assert await desk.press("Publish after all") == "Published in News."
    assert desk.published() == ["Headline a"]


async def test_of_two_who_press_the_first_decides_and_the_second_hears_who_that_was(desk: Desk) -> None:
    await desk.told("a")
    await desk.world.press(desk.desk, "Publish", BEN)
    assert await desk.world.press(desk.desk, "Skip") == "ben has published it already."
    await desk.world.live(1)
    assert desk.published() == ["Headline a"]


async def test_only_admins_of_the_desk_decide(desk: Desk) -> None:
    await desk.told("a")
    assert "Only the admins" in await desk.press("Publish", "eve")
    assert desk.published() == []


async def test_what_was_corrected_meanwhile_is_published_as_it_is_now_and_corrected_there_later(desk: Desk) -> None:
    await desk.told("a")
    desk.world.page.edit("a", headline="Headline a, corrected")
    await desk.world.live(60)
    assert desk.asked()[-1].startswith("Headline a, corrected")
    await desk.press("Publish")
    assert desk.published() == ["Headline a, corrected"]
    desk.world.page.edit("a", headline="Headline a, once more")
    await desk.world.live(60)
    assert desk.published() == ["Headline a, once more"]
    assert desk.asked()[-1].startswith("Headline a, once more")


async def test_what_the_page_withdraws_asks_for_nothing_any_more(desk: Desk) -> None:
    await desk.told("b", at=0)
    await desk.press("Publish")
    await desk.told("a", at=1)
    desk.world.page.withdraw("a")
    for _ in range(4):
        await desk.world.live(61)
    assert desk.buttons() == []
    assert desk.published() == ["Headline b"]


async def test_a_restart_between_the_press_and_the_message_loses_nothing_and_repeats_nothing(desk: Desk) -> None:
    await desk.told("a")
    await desk.world.press(desk.desk, "Publish")
    await desk.world.start()
    await desk.world.restart()
    for _ in range(3):
        await desk.world.live(5)
    assert desk.published() == ["Headline a"]


async def test_what_nobody_decides_on_in_two_days_is_let_go_and_that_is_said(desk: Desk) -> None:
    await desk.told("a")
    desk.world.advance((deciding.PATIENCE + timedelta(minutes=1)).total_seconds())
    async with desk.world.database.write() as connection:
        assert await deciding.expire(connection, desk.world.clock.now()) == 1
    await desk.world.live(1)
    assert "nobody decided in time" in desk.asked()[-1]
    assert desk.buttons() == ["Publish after all"]


async def test_a_pause_holds_what_was_decided_and_says_so(desk: Desk) -> None:
    await desk.told("a")
    await desk.world.ask(desk.news, "/pause")
    assert "gets it when its pause" in await desk.press("Publish")
    assert desk.published() == []
    await desk.world.ask(desk.news, "/resume")
    await desk.world.live(1)
    assert desk.published() == ["Headline a"]


async def test_ending_it_asks_what_becomes_of_what_waits(desk: Desk) -> None:
    await desk.told("a")
    assert "1 entry waits for a decision" in await desk.world.ask(desk.news, "/review off")
    await desk.world.press(desk.news, "Publish")
    await desk.told("b", at=2)
    await desk.world.live(2)
    assert desk.published() == ["Headline a", "Headline b"]
    assert not any(text.startswith("Headline b") for text in desk.asked())


async def test_a_code_serves_once_and_not_in_the_chat_that_gets_the_entries(desk: Desk) -> None:
    code = re.search(r"/review ([a-z0-9]{8})", await desk.world.ask(desk.news, "/review on"))
    assert code
    assert "Send the code in the one that shall decide" in await desk.world.ask(desk.news, code[0])
    assert "comes here first" in await desk.world.ask(desk.desk, code[0])
    assert "I do not know that code" in await desk.world.ask(desk.desk, code[0])


async def test_both_chats_say_what_is_decided_where(desk: Desk) -> None:
    await desk.told("a")
    assert "is decided on in Editors; 1 entry undecided" in await desk.world.ask(desk.news, "/review")
    assert "It is decided here what News gets of Lighthouse" in await desk.world.ask(desk.desk, "/review")
    assert "Is decided on in Editors" in await desk.world.ask(desk.news, "/list")
    assert "Only to decide what other chats get" in await desk.world.ask(desk.desk, "/list")
    assert "/review off there ends it" in await desk.world.ask(desk.desk, "/unsubscribe 1")


async def test_a_desk_that_follows_the_page_itself_gets_each_entry_once_with_its_buttons(desk: Desk) -> None:
    assert "Following" in await desk.world.ask(desk.desk, f"/subscribe {URL}")
    await desk.world.live(1)
    await desk.told("a")
    assert len(desk.asked()) == 1
    assert desk.buttons() == ["Publish", "Skip"]
    await desk.world.ask(desk.desk, "/unsubscribe 1")
    await desk.told("b", at=2)
    assert desk.buttons() == ["Publish", "Skip"]
    await desk.press("Publish")
    assert desk.published() == ["Headline b"]


async def test_whoever_leaves_the_page_leaves_no_desk_behind(desk: Desk) -> None:
    await desk.world.ask(desk.news, "/unsubscribe 1")
    assert "follows nothing" in (await desk.world.ask(desk.desk, "/list")).lower()


async def test_why_says_that_it_waits_and_who_decided(desk: Desk) -> None:
    await desk.told("a")
    assert "Waiting until somebody decides on it in Editors" in await desk.world.ask(desk.news, "/why")
    await desk.press("Skip")
    assert "✗ Skipped by ada" in await desk.world.ask(desk.news, "/why")
