"""Entries that people decide on before they are posted: what the review chat shows, what the others get, and when."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.hours import quiet_hours, schedule
from bot.richtext import RichText
from bot.store import chats, moving, pausing, reviewing, schedules, subscriptions, takedown
from bot.store.deciding import Choice, Decided, Press, decide
from bot.store.schema import chat, delivery, subscription

from .world import URL, Shown, World, killed_after, killed_before, lost_after, picture

TO_DECIDE = "Not yet in chat"


class Reviewed:
    """A page that `chat` follows, and whose entries people decide on in `desk`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.wish = 0

    async def begin(self, *, words: str = "") -> None:
        self.wish = await self.world.follow(words=words)
        await self.world.live()
        await self.review(self.wish)

    async def review(self, wish: int, where: str = "desk") -> None:
        world = self.world
        async with world.database.write() as connection:
            there = await chats.find_or_make(connection, world.address(where), kind="group", title=where)
            await reviewing.set_review(connection, wish, there.id, "7", world.clock.now())

    async def comes(self, *keys: str) -> None:
        """Publish entries, and let a minute pass."""
        for key in keys:
            self.world.page.publish(key, at=len(self.world.page.entries))
        await self.world.live(60)

    @property
    def desk(self) -> list[Shown]:
        """What stands in the review chat."""
        found: list[Shown] = self.world.platform.chats.get("desk", [])
        return found

    async def press(self, choice: Choice, place: int = -1, who: str = "Ann", *, anyway: bool = False) -> Decided:
        """Decide as a button does; the line that it gives is what stood under the message."""
        asking = await self.asking(place)
        async with self.world.database.write() as connection:
            here = select(delivery.c.chat_id).where(delivery.c.id == asking)
            there = (await connection.execute(here)).scalar_one()
            press = Press(there, asking, choice, who, anyway)
            return await decide(connection, press, self.world.clock.now())

    async def asking(self, place: int = -1) -> int:
        """Return the delivery that a message in the review chat belongs to."""
        async with self.world.database.read() as connection:
            mine = select(delivery.c.id).where(delivery.c.for_review == 1).order_by(delivery.c.rank, delivery.c.id)
            return int((await connection.execute(mine)).scalars().all()[place])

    async def do(self, deed: Any, *arguments: Any, **more: Any) -> Any:
        """Do something in a transaction of its own, then what is owed."""
        async with self.world.database.write() as connection:
            done = await deed(connection, *arguments, **more)
        await self.world.send()
        return done


@pytest.fixture
async def reviewed(world: World) -> Reviewed:
    """Entries are reviewed, and none has come."""
    made = Reviewed(world)
    await made.begin()
    return made


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_entry_goes_to_the_review_chat_only_until_somebody_publishes_it(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    asking = await reviewed.asking()
    assert (world.shows(), world.shows("desk")) == ([], ["Headline one"])
    waiting = reviewed.desk[0]
    assert (waiting.notes, waiting.presses) == ((TO_DECIDE,), (f"review publish {asking}", f"review skip {asking}"))
    assert await reviewed.press("publish") == Decided(now=("chat",))
    await world.send()
    assert (world.shows(), world.shows("desk")) == (["Headline one"], ["Headline one"])
    decided = reviewed.desk[0]
    assert (decided.notes, decided.presses) == (("✓ Published in chat by Ann, 12:01",), ())
    assert await world.states() == ["settled", "settled"]


async def test_what_is_skipped_never_comes_and_the_message_says_by_whom(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    assert await reviewed.press("skip") == Decided(now=("chat",))
    world.page.edit("one", body=RichText("Corrected."))
    await world.live(60)
    assert (world.shows(), world.texts("desk")) == ([], ["Headline one\nCorrected."])
    assert reviewed.desk[0].notes == ("✗ Not published in chat: skipped by Ann, 12:01",)


async def test_what_was_skipped_by_mistake_is_published_after_all_as_it_reads_by_then(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.press("skip")
    world.page.edit("one", body=RichText("Corrected."))
    await world.live(60)
    assert reviewed.desk[0].presses == (f"review publish {await reviewed.asking()} anyway",)
    assert (await reviewed.press("publish", who="Bo", anyway=True)).now == ("chat",)
    await world.live(1)
    assert world.texts() == ["Headline one\nCorrected."]
    assert reviewed.desk[0].notes == ("✓ Published in chat by Bo, 12:02",)
    world.page.edit("one", body=RichText("Corrected again."))
    await world.live(60)
    assert world.texts() == ["Headline one\nCorrected again."]


async def test_a_second_press_changes_nothing_and_says_who_decided(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.press("skip")
    second = await reviewed.press("publish", who="Bo")
    await world.send()
    assert second.now == ()
    assert [(each.made, each.by) for each in second.before] == [("skipped", "Ann")]
    assert world.shows() == []


async def test_of_two_who_press_at_once_one_decides(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    both = await asyncio.gather(reviewed.press("publish", who="Ann"), reviewed.press("skip", who="Bo"))
    await world.send()
    first, second = sorted(both, key=lambda each: not each.now)
    assert (first.now, second.now) == (("chat",), ())
    (decided,) = second.before
    assert world.shows() == (["Headline one"] if decided.made == "published" else [])
    await world.live(60)
    assert len(world.shows()) == int(decided.made == "published")


@pytest.mark.parametrize("trick", [killed_before, killed_after])
async def test_nothing_is_lost_where_the_program_dies_between_press_and_publishing(
    reviewed: Reviewed, trick: Any
) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.press("publish")
    await world.restart()
    world.platform.trick("send", trick)
    await world.send()
    await world.live(120)
    # A platform that knows no names repeats what may not have arrived, as every send.
    assert world.shows() == ["Headline one"] * (2 if trick is killed_after else 1)
    assert reviewed.desk[0].notes == ("✓ Published in chat by Ann, 12:01",)


@pytest.mark.parametrize("named", [False, True])
async def test_a_press_before_the_answer_to_the_asking_is_known_is_told_there_too(make_world: Any, named: bool) -> None:
    world = make_world(idempotent_send=named, history=named)
    reviewed = Reviewed(world)
    await reviewed.begin()
    world.page.publish("one")
    world.platform.trick("send", lost_after)
    await world.live(60)
    assert await reviewed.press("publish") == Decided(now=("chat",))
    await world.live(60)
    await world.live(60)
    assert world.shows() == ["Headline one"]
    assert reviewed.desk[-1].notes == ("✓ Published in chat by Ann, 12:01",)


async def test_a_decision_while_the_asking_is_on_its_way_is_told_there_too(reviewed: Reviewed) -> None:
    world = reviewed.world

    async def decided() -> None:
        await reviewed.press("publish")

    world.platform.meanwhile = decided
    await reviewed.comes("one")
    await world.live(1)
    assert (world.shows(), reviewed.desk[0].presses) == (["Headline one"], ())


# ── the page goes on ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_corrected_while_it_waits_is_corrected_there_and_published_as_it_reads(
    reviewed: Reviewed,
) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    world.page.edit("one", body=RichText("Corrected."))
    await world.live(60)
    assert (world.texts(), world.texts("desk")) == ([], ["Headline one\nCorrected."])
    assert reviewed.desk[0].notes == (TO_DECIDE,)
    await reviewed.press("publish")
    await world.send()
    assert world.texts() == ["Headline one\nCorrected."]


async def test_corrections_and_withdrawals_of_what_was_published_come_without_a_decision(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one", "two", "three")
    for place in range(3):
        await reviewed.press("publish", place)
    await world.live(1)
    world.page.edit("three", body=RichText("Corrected."))
    world.page.withdraw("two")
    await world.live(60)
    await world.live(60)
    assert world.texts() == ["Headline one\nWhat happened in one.", "Headline three\nCorrected."]
    assert world.texts("desk")[2] == "Headline three\nCorrected."


async def test_what_is_withdrawn_while_it_waits_says_so_and_cannot_be_published(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("zero", "one", "two")
    world.page.withdraw("one")
    await world.live(60)
    await world.live(60)
    assert world.shows("desk") == ["Headline zero", "This update was withdrawn", "Headline two"]
    assert reviewed.desk[1].presses == ()
    assert await reviewed.press("publish", 1) == Decided(withdrawn=True)
    await world.send()
    assert world.shows() == []


async def test_what_is_back_after_its_withdrawal_waits_again(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("zero", "one", "two")
    gone = next(entry for entry in world.page.entries if entry.key == "one")
    world.page.withdraw("one")
    await world.live(60)
    await world.live(60)
    world.page.entries.insert(1, gone)
    await world.live(60)
    await world.live(60)
    assert (world.shows(), world.shows("desk")[1]) == ([], "Headline one")
    assert reviewed.desk[1].notes == (TO_DECIDE,)
    assert (await reviewed.press("publish", 1)).now == ("chat",)
    await world.send()
    assert world.shows() == ["Headline one"]


async def test_what_is_taken_down_while_it_waits_is_gone_everywhere(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.do(takedown.take_down, f"{URL}#one", URL, world.clock.now())
    assert (await reviewed.press("publish")).now == ()
    await world.live(60)
    assert world.shows() == []
    assert "Headline one" not in world.shows("desk")


async def test_the_summary_and_the_end_come_by_themselves_and_only_to_who_follows(reviewed: Reviewed) -> None:
    world = reviewed.world
    world.page.summary = ["All is quiet"]
    await reviewed.comes("one")
    world.page.status = "ended"
    await world.live(60)
    assert len(world.shows()) == 2
    assert world.shows("desk") == ["Headline one"]


async def test_breaking_does_not_pass_a_review(reviewed: Reviewed) -> None:
    world = reviewed.world
    world.page.publish("one", flags=("breaking",))
    await world.live(60)
    assert (world.shows(), world.shows("desk")) == ([], ["Headline one"])


async def test_what_waits_two_days_is_let_go_and_the_message_says_so(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    world.advance(timedelta(days=2, minutes=1).total_seconds())
    await world.tick()
    await world.send()
    assert reviewed.desk[0].notes == ("✗ Not published in chat: nobody decided in time",)
    (before,) = (await reviewed.press("publish")).before
    assert (before.made, before.by) == ("skipped", "")
    assert (await reviewed.press("publish", anyway=True)).now == ("chat",)
    await world.send()
    assert world.shows() == ["Headline one"]


# ── what else holds ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_published_during_a_pause_comes_when_that_ends(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.do(pausing.pause, [reviewed.wish], world.clock.now() + timedelta(hours=1))
    await reviewed.comes("one", "two")
    done = await reviewed.press("publish", 0)
    await world.send()
    assert (done.held, world.shows()) == (("chat",), [])
    world.advance(3600)
    await world.tick()
    await world.send()
    assert world.shows() == ["Headline one"]
    assert reviewed.desk[1].notes == (TO_DECIDE,)


async def test_resuming_without_what_was_missed_leaves_what_waits_for_a_decision(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.do(pausing.pause, [reviewed.wish], world.clock.now() + timedelta(hours=1))
    await reviewed.comes("one")
    await reviewed.do(pausing.resume, [reviewed.wish], world.clock.now(), "skip")
    assert world.shows() == []
    await reviewed.press("publish")
    await world.send()
    assert world.shows() == ["Headline one"]


async def test_quiet_hours_hold_what_was_published_and_not_the_asking_elsewhere(reviewed: Reviewed) -> None:
    world = reviewed.world
    async with world.database.read() as connection:
        here = (await connection.execute(select(chat.c.id).where(chat.c.chat == "chat"))).scalar_one()
    await reviewed.do(schedules.set_quiet, here, quiet_hours("11:00-13:00"), world.clock.now())
    await reviewed.comes("one")
    assert (await reviewed.press("publish")).held == ("chat",)
    await world.send()
    assert (world.shows(), world.shows("desk")) == ([], ["Headline one"])
    world.advance(3600)
    await world.tick()
    await world.send()
    assert world.shows() == ["Headline one"]


async def test_a_digest_tells_what_was_published_and_nothing_else(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.do(schedules.set_schedule, [reviewed.wish], schedule("every 30m"), world.clock.now())
    await reviewed.comes("waits", "told", "skipped", "told too")
    for choice, place in (("publish", 1), ("skip", 2), ("publish", 3)):
        await reviewed.press(choice, place)  # type: ignore[arg-type]  # they are two of them
    world.advance(1800)
    await world.tick()
    await world.send()
    (digest,) = world.texts()
    assert ("Headline told" in digest, "Headline told too" in digest) == (True, True)
    assert ("Headline waits" in digest, "Headline skipped" in digest) == (False, False)


async def test_what_asks_for_a_decision_is_never_told_by_a_digest_of_the_review_chat(reviewed: Reviewed) -> None:
    world = reviewed.world
    async with world.database.read() as connection:
        asking = select(subscription.c.id).where(subscription.c.review_only == 1)
        mine = (await connection.execute(asking)).scalar_one()
    await reviewed.do(schedules.set_schedule, [mine], schedule("every 30m"), world.clock.now())
    keys = [f"entry {number}" for number in range(12)]
    for key in keys:
        world.page.publish(key)
    world.advance(3600)
    await world.live(60)
    assert len(reviewed.desk) == len(keys)
    assert all(shown.presses for shown in reviewed.desk)


async def test_what_is_decided_late_comes_one_by_one_and_not_as_a_digest(reviewed: Reviewed) -> None:
    world = reviewed.world
    for number in range(12):
        world.page.publish(f"entry {number}", at=number)
    await world.live(60)
    world.advance(3600)
    for place in range(12):
        await reviewed.press("publish", place)
    await world.send()
    assert len(world.shows()) == 12


# ── several chats ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_press_decides_for_all_chats_that_the_desk_reviews_for(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.review(await world.follow("other"))
    await world.follow("free")
    await reviewed.comes("one")
    assert reviewed.desk[0].notes == ("Not yet in chat, other",)
    assert world.shows("free") == ["Headline one"]
    assert (await reviewed.press("publish")).now == ("chat", "other")
    await world.send()
    assert (world.shows(), world.shows("other")) == (["Headline one"], ["Headline one"])
    assert len(reviewed.desk) == 1


async def test_a_review_chat_that_follows_the_page_itself_gets_each_entry_once(world: World) -> None:
    await world.follow("desk", words="kyiv")
    reviewed = Reviewed(world)
    await reviewed.begin()
    world.page.publish("one", headline="News from Kyiv")
    await reviewed.comes("two")
    assert world.shows("desk") == ["News from Kyiv", "Headline two"]
    assert all(shown.presses for shown in reviewed.desk)


async def test_what_waited_for_its_turn_when_the_review_began_waits_for_a_decision(world: World) -> None:
    wish = await world.follow()
    await world.follow("desk")
    await world.live()
    world.page.publish("one")
    await world.poll()
    async with world.database.write() as connection:
        await connection.execute(update(delivery).where(delivery.c.subscription_id != wish).values(due_at=None))
    await Reviewed(world).review(wish)
    await world.send()
    assert world.shows() == []


async def test_what_the_review_chat_shows_already_gets_its_buttons(world: World) -> None:
    wish = await world.follow()
    await world.follow("desk")
    await world.live()
    async with world.database.write() as connection:
        await pausing.pause(connection, [wish], world.clock.now() + timedelta(hours=1))
    world.page.publish("one")
    await world.live(1)
    reviewed = Reviewed(world)
    await reviewed.review(wish)
    await world.send()
    assert world.shows("desk") == ["Headline one"]
    assert reviewed.desk[0].presses != ()


async def test_an_album_is_reviewed_with_its_first_picture_for_albums_have_no_buttons(world: World) -> None:
    world.platform.albums = True
    reviewed = Reviewed(world)
    reviewed.wish = await world.follow(style={"images": "all"})
    await world.follow("desk", style={"images": "all"})
    await world.live()
    await reviewed.review(reviewed.wish)
    world.page.publish("one", images=(picture("a"), picture("b")))
    await world.live(60)
    (shown,) = reviewed.desk
    assert (shown.kind, bool(shown.presses)) == ("photo", True)
    await reviewed.press("publish")
    await world.send()
    assert world.shows() == ["Headline one [a]", "Headline one [b]"]


# ── the review ends, moves, or cannot be held ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("what", "shown"), [("publish", ["Headline one"]), ("skip", [])])
async def test_when_the_review_ends_what_waits_comes_or_is_left_out(
    reviewed: Reviewed, what: Any, shown: list[str]
) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.do(reviewing.end_review, reviewed.wish, what, world.clock.now())
    assert world.shows() == shown
    assert (reviewed.desk[0].presses, reviewed.desk[0].notes) == ((), ())
    assert (await reviewed.press("skip")).now == ()
    await reviewed.comes("two")
    assert world.shows() == [*shown, "Headline two"]
    assert world.shows("desk") == ["Headline one"]


async def test_while_nobody_can_review_entries_wait_and_are_asked_about_when_the_chat_is_back(
    reviewed: Reviewed,
) -> None:
    world = reviewed.world
    async with world.database.read() as connection:
        mine = (await connection.execute(select(subscription.c.id).where(subscription.c.review_only == 1))).scalar_one()
    await reviewed.comes("one")
    await reviewed.do(subscriptions.unsubscribe, mine, world.clock.now())
    await reviewed.comes("two")
    assert (world.shows(), world.shows("desk")) == ([], ["Headline one"])
    await reviewed.review(reviewed.wish)
    await world.send()
    assert world.shows("desk") == ["Headline one", "Headline two"]
    await reviewed.press("publish", 0)
    await reviewed.press("publish", 1)
    await world.send()
    assert world.shows() == ["Headline one", "Headline two"]


async def test_another_chat_takes_over_what_waits(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.review(reviewed.wish, "night desk")
    await world.send()
    assert world.shows("night desk") == ["Headline one"]
    assert (await reviewed.press("publish", 0)).now == ()
    assert (await reviewed.press("publish", 1)).now == ("chat",)
    await world.send()
    assert world.shows() == ["Headline one"]


async def test_who_unsubscribes_gets_nothing_that_waited_and_nobody_is_asked_any_more(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("one")
    await reviewed.do(subscriptions.unsubscribe, reviewed.wish, world.clock.now())
    await reviewed.do(reviewing.left, reviewed.wish, world.clock.now())
    assert (await reviewed.press("publish")) == Decided()
    assert (reviewed.desk[0].presses, reviewed.desk[0].notes) == ((), ())
    await reviewed.comes("two")
    assert (world.shows(), world.shows("desk")) == ([], ["Headline one"])


async def test_a_review_chat_that_became_a_supergroup_is_asked_anew_about_what_waits(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.comes("decided", "one")
    await reviewed.press("publish", 0)
    await world.live(1)
    await reviewed.do(chats.move_chat, world.address("desk"), "superdesk", world.clock.now())
    (asked,) = world.platform.chats["superdesk"]
    assert (asked.text.split("\n")[0], asked.notes) == ("Headline one", (TO_DECIDE,))
    assert (await reviewed.press("publish", 1)).now == ("chat",)
    await world.send()
    assert world.shows() == ["Headline decided", "Headline one"]
    assert asked.presses == ()
    await reviewed.comes("two")
    assert world.shows("superdesk") == ["Headline one", "Headline two"]


async def test_a_review_chat_whose_new_address_is_known_goes_on_there(reviewed: Reviewed) -> None:
    world = reviewed.world
    async with world.database.write() as connection:
        await chats.find_or_make(connection, world.address("superdesk"), kind="group", title="superdesk")
    await reviewed.comes("one")
    await reviewed.do(chats.move_chat, world.address("desk"), "superdesk", world.clock.now())
    await reviewed.comes("two")
    assert world.shows("superdesk") == ["Headline one", "Headline two"]
    await reviewed.press("publish", 0)
    await world.send()
    assert world.shows() == ["Headline one"]


async def test_a_page_at_a_new_address_is_reviewed_there_and_what_waits_is_asked_anew(reviewed: Reviewed) -> None:
    world = reviewed.world
    await reviewed.review(await world.follow("other"))
    await reviewed.comes("one")
    place = moving.Place("https://news.example/live/moved")
    await reviewed.do(moving.move, reviewed.wish, place, world.clock.now(), same=True)
    assert world.shows("desk") == ["Headline one", "Headline one"]
    done = [await reviewed.press("publish", each) for each in (0, 1)]
    await world.send()
    assert sorted(each.now for each in done) == [("chat",), ("other",)]
    assert (world.shows(), world.shows("other")) == (["Headline one"], ["Headline one"])
