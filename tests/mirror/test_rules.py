"""The ten rules of the mirror (docs/architecture.md), each with what happens to a chat where it does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.dispatcher import Sending
from bot.errors import LeaseLost
from bot.model import Address, Entry
from bot.planner import Policy
from bot.ports import Done, Failed, Gone, Later, Moved, Outcome, Refused, Unsure
from bot.richtext import RichText
from bot.store import chats, outbox
from bot.store.engine import Database
from bot.store.schema import part, subscription

from .world import NOON, ScriptedChats, Trick, World, killed_after, killed_before, lost_after, picture

MakeWorld = Callable[..., World]
DISCORD = {"idempotent_send": True, "history": True}


async def following(world: World, *keys: str) -> None:
    """A chat that follows the page and has been shown these entries."""
    await world.follow()
    await world.live()
    for minute, key in enumerate(keys):
        world.page.publish(key, at=minute)
    await world.live(60)


# ── 1: the act is written down before the call, and finished first ───────────────────────────────────────────────


async def test_1_a_send_cut_short_by_a_crash_is_found_and_removed_if_its_entry_was_withdrawn(
    make_world: MakeWorld,
) -> None:
    world = make_world(**DISCORD)
    await following(world, "old")
    world.page.publish("libel", at=5)
    world.page.publish("new", at=6)
    world.platform.trick("send", killed_after)
    await world.live(60)
    assert "Headline libel" in world.shows()
    world.page.withdraw("libel")
    await world.poll()
    world.advance(61)
    await world.poll()
    await world.send()
    assert world.shows() == ["Headline old", "Headline new"]


async def test_1_a_replacement_cut_in_the_middle_is_finished(world: World) -> None:
    world.platform.editable = False
    await world.follow()
    await world.live()
    world.page.publish("a", images=(picture("wrong"),))
    await world.live(60)
    world.page.edit("a", images=())
    world.platform.trick("remove", killed_after)
    await world.live(60)
    assert world.shows() == []
    await world.send()
    assert world.shows() == ["Headline a"]


# ── 2: settling writes what was shown ────────────────────────────────────────────────────────────────────────────


async def test_2_an_edit_that_lands_while_the_send_is_in_flight_is_not_lost(world: World, database: Database) -> None:
    await following(world)
    world.page.publish("a")
    await world.poll()

    async def the_newsroom_edits() -> None:
        world.page.edit("a", body=RichText("Corrected."))
        world.advance(1)
        await world.poll()

    world.platform.meanwhile = the_newsroom_edits
    await world.send()
    assert world.texts() == ["Headline a\nCorrected."]


# ── 3: the nonce ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_3_a_lost_answer_makes_no_second_message_and_the_text_is_todays(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", lost_after)
    await world.live(60)
    world.page.edit("a", body=RichText("Corrected."))
    await world.poll()
    world.advance(10)
    await world.send()
    assert world.texts() == ["Headline a\nCorrected."]


async def test_3_after_two_minutes_the_history_is_read_before_anything_is_sent_again(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", lost_after)
    await world.live(60)
    world.advance(600)
    await world.send()
    assert world.shows() == ["Headline a"]
    assert ("history", "chat") in world.platform.calls


async def test_3_a_removal_of_ours_raises_the_generation_so_that_what_returns_can_be_sent(
    make_world: MakeWorld,
) -> None:
    world = make_world(**DISCORD)
    await following(world, "old", "a")
    world.page.withdraw("a")
    world.page.publish("b", at=9)
    await world.live(10)
    await world.live(61)
    assert world.shows() == ["Headline old", "Headline b"]
    world.page.publish("a", at=1)
    await world.live(60)
    await world.live(61)
    assert world.shows() == ["Headline old", "Headline b", "Headline a"]
    # Under the old nonce the platform would have refused it first.
    assert world.platform.calls.count(("send", "Headline a")) == 2


async def test_3_unknown_message_as_the_answer_to_a_send_is_not_the_end_of_it(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", Gone("Unknown Message"))
    await world.live(60)
    await world.send()
    assert world.shows() == ["Headline a"]


async def growing(world: World, lines: int = 1) -> None:
    """A chat that was shown an entry of so many lines, one platform message each."""
    world.platform.lines_per_part = 1
    await following(world)
    world.page.publish("a", "\n".join(f"{number}" for number in range(lines)))
    await world.live(60)


def says(world: World, *lines: str) -> None:
    """The newsroom writes the entry anew, in so many lines."""
    world.page.edit("a", body=RichText("\n".join(lines)))


async def test_3_unknown_message_as_the_answer_to_a_part_that_an_edit_adds_is_not_the_end_of_it(
    make_world: MakeWorld,
) -> None:
    world = make_world(**DISCORD)
    await growing(world)
    says(world, "one", "two")
    world.platform.trick("send", Gone("Unknown Message"))
    await world.live(60)
    await world.send()
    assert world.texts() == ["Headline a\none", "two"]


async def test_3_what_we_took_away_ourselves_is_not_taken_for_peoples_deletion(world: World) -> None:
    await growing(world, lines=2)
    says(world, "one")
    world.platform.trick("remove", killed_after)
    await world.live(60)
    assert world.texts() == ["Headline a\none"]
    says(world, "one", "two")
    await world.poll()
    await world.send()
    assert world.texts() == ["Headline a\none", "two"]


async def test_3_a_part_whose_removal_was_put_off_stays_and_is_edited(world: World) -> None:
    await growing(world, lines=2)
    says(world, "one")
    world.platform.trick("remove", Later(timedelta(seconds=30)))
    await world.live(60)
    says(world, "one", "two")
    await world.live(60)
    assert world.texts() == ["Headline a\none", "two"]
    assert [call for call, _ in world.platform.calls].count("send") == 2


async def test_3_a_part_that_an_edit_added_unheard_says_todays_text(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    await growing(world)
    says(world, "one", "two")
    world.platform.trick("send", lost_after)
    await world.live(60)
    says(world, "one", "three")
    await world.live(10)
    assert world.texts() == ["Headline a\none", "three"]


async def test_3_a_part_that_an_edit_added_unheard_goes_when_it_is_too_much(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    await growing(world)
    says(world, "one", "two")
    world.platform.trick("send", lost_after)
    await world.live(60)
    says(world, "all in one")
    await world.live(10)
    assert world.texts() == ["Headline a\nall in one"]


async def test_3_after_two_minutes_the_history_tells_parts_of_one_link_apart(make_world: MakeWorld) -> None:
    world = make_world(**DISCORD)
    world.platform.lines_per_part = 1
    await following(world)
    world.page.publish("a", "one\ntwo\nthree")

    def lost_at_the_last(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
        if platform.calls[-1] == ("send", "Headline a") and len(world.texts()) == 2:
            return lost_after(method, platform, do)
        platform.trick("send", lost_at_the_last)
        return do()

    world.platform.trick("send", lost_at_the_last)
    await world.live(60)
    await world.live(300)
    assert world.texts() == ["Headline a\none", "two", "three"]


# ── 4: parts are recorded one by one, and belong to the chat they were sent in ───────────────────────────────────


async def paused_with(world: World, count: int) -> None:
    """A subscription that was resumed with so much owed that it becomes a digest."""
    await following(world)
    for minute in range(count):
        world.page.publish(f"e{minute}", at=minute)
    world.advance(60)
    await world.poll()
    async with world.database.write() as connection:
        await connection.execute(update(subscription).values(backlog="digest"))


async def test_4_a_crash_in_the_middle_of_a_long_message_goes_on_at_the_first_missing_part(world: World) -> None:
    world.platform.lines_per_part = 5
    await paused_with(world, 18)
    world.platform.trick("send", Done("first"))
    world.platform.tricks.clear()
    sent_one = iter((False, True))

    def killed_at_the_second(method: str, platform: ScriptedChats, do: Callable[[], Outcome]) -> Outcome:
        if next(sent_one):
            return killed_before(method, platform, do)
        platform.trick("send", killed_at_the_second)
        return do()

    world.platform.trick("send", killed_at_the_second)
    await world.send()
    assert len(world.texts()) == 1
    await world.send()
    told = "\n".join(world.texts())
    assert [told.count(f"Headline e{number}\n") + told.endswith(f"Headline e{number}") for number in range(18)] == [
        1
    ] * 18


async def test_4_after_a_move_to_a_supergroup_old_messages_are_left_alone(world: World) -> None:
    await following(world, "a")
    world.page.publish("b", at=5)
    world.platform.trick("send", Moved("supergroup"))
    await world.live(60)
    world.page.edit("a", body=RichText("Corrected."))
    world.page.edit("b", body=RichText("Corrected, too."))
    await world.live(60)
    assert world.texts("chat") == ["Headline a\nWhat happened in a."]
    assert world.texts("supergroup") == ["Headline b\nCorrected, too."]
    assert [headline for call, headline in world.platform.calls if call == "edit"] == ["Headline b"]
    world.page.withdraw("a")
    await world.live(10)
    await world.live(61)
    assert "remove" not in [call for call, _ in world.platform.calls]
    assert await world.owed() == 0


async def test_4_a_summary_that_was_never_pinned_before_the_move_does_not_keep_the_sender_busy_for_ever(
    world: World,
) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.summary = ["The lamp shines"]
    world.page.publish("a")
    world.platform.trick("pin", Moved("supergroup"))
    await world.live(60)
    assert await world.owed() == 0
    world.page.publish("b", at=1)
    await world.live(60)
    assert world.shows("supergroup") == ["Lighthouse live", "Headline b"]
    assert [shown.pinned for shown in world.platform.chats["supergroup"]] == [True, False]


async def test_4_after_a_move_to_a_supergroup_the_summary_is_said_anew_and_kept_current(world: World) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.live(60)
    async with world.database.write() as connection:
        for _ in range(2):  # the platform tells of it to everybody who asks
            await chats.move_chat(connection, Address("terminal", "bot", "chat"), "supergroup", world.clock.now())
    await world.send()
    world.page.summary = ["The lamp shines"]
    await world.live(60)
    assert [(told.pinned, "shines" in told.text) for told in world.platform.chats["supergroup"]] == [(True, True)]


async def test_4_a_pin_that_was_begun_before_the_move_does_not_stop_the_sender(world: World) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.summary = ["The lamp shines"]
    world.platform.trick("pin", killed_before)
    await world.live(60)
    async with world.database.write() as connection:
        await chats.move_chat(connection, Address("terminal", "bot", "chat"), "supergroup", world.clock.now())
    world.page.publish("a")
    await world.live(60)
    assert world.shows("supergroup") == ["Lighthouse live", "Headline a"]
    assert await world.owed() == 0


# ── 5: a claim ends by settling or by a newer epoch ──────────────────────────────────────────────────────────────


async def test_5_a_sender_that_lost_its_lease_changes_nothing(world: World) -> None:
    await following(world)
    world.page.publish("a")
    world.advance(60)
    await world.poll()
    stale_epoch = world.epoch
    world.platform.meanwhile = world.restart
    world.platform.trick("send", Done("never recorded"))
    with pytest.raises(ExceptionGroup, match="unhandled"):
        await world.send()
    assert world.epoch == stale_epoch + 1
    await world.send()
    assert world.shows() == ["Headline a"]


async def test_5_an_answer_that_comes_after_another_sender_began_anew_changes_nothing(world: World) -> None:
    await following(world)
    world.page.publish("a")
    await world.poll()

    async def taken_over_and_begun_anew() -> None:
        await world.restart()
        now = world.clock.now()
        async with world.database.write() as connection:
            claims = await outbox.claim(connection, platform="terminal", bot="bot", epoch=world.epoch, now=now, limit=5)
        assert len(claims) == 1

    world.platform.meanwhile = taken_over_and_begun_anew
    with pytest.raises(ExceptionGroup, match="unhandled"):
        await world.send()
    assert await world.states() == ["claimed"]


async def test_5_a_sender_that_slept_past_its_lease_takes_nothing_more(world: World) -> None:
    await following(world, "a")
    world.page.publish("b", at=1)
    world.advance(60)
    await world.poll()
    asleep = world.epoch
    await world.restart()
    world.epoch = asleep
    with pytest.raises(ExceptionGroup, match="unhandled") as caught:
        await world.send()
    assert caught.group_contains(LeaseLost)
    assert world.shows() == ["Headline a"]
    await world.restart()
    await world.send()
    assert world.shows() == ["Headline a", "Headline b"]


async def test_5_a_part_that_an_earlier_sender_hears_of_late_is_not_written_over_a_newer_ones(world: World) -> None:
    world.platform.lines_per_part = 5
    await paused_with(world, 18)
    world.platform.meanwhile = world.restart
    with pytest.raises(ExceptionGroup, match="unhandled"):
        await world.send()
    async with world.database.read() as connection:
        assert (await connection.execute(select(part.c.message_id))).scalars().all() == [None] * 3
    # The call had landed, so that the first part is repeated; an earlier sender stops before the second.
    assert [call for call, _ in world.platform.calls] == ["send"]


async def test_5_time_alone_never_ends_a_claim_and_one_act_is_in_flight_per_lane(world: World) -> None:
    await following(world)
    world.page.publish("a")
    world.page.publish("b", at=1)
    world.advance(60)
    await world.poll()

    async def an_hour_passes() -> None:
        world.advance(3600)
        assert await world.send() == 0

    world.platform.meanwhile = an_hour_passes
    await world.send()
    assert world.shows() == ["Headline a", "Headline b"]


# ── 6: unsure ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_6_without_a_nonce_a_lost_answer_is_repeated_so_that_nothing_is_lost(world: World) -> None:
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", Unsure("timed out"))
    await world.live(60)
    world.advance(10)
    await world.send()
    assert world.shows() == ["Headline a"]


async def test_6_a_chat_that_prefers_to_skip_gets_nothing_twice_and_no_later_edit_sends_it(database: Database) -> None:
    world = World(database, sending=Sending(policy="skip"))
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", lost_after)
    await world.live(60)
    world.page.edit("a", body=RichText("Corrected."))
    await world.live(60)
    await world.live(600)
    assert world.texts() == ["Headline a\nWhat happened in a."]
    assert await world.states() == ["unsure"]


@pytest.mark.parametrize(("policy", "comes_back"), [("repeat", True), ("skip", False)])
async def test_6_a_send_cut_short_before_its_entry_was_withdrawn_is_made_when_the_entry_comes_back(
    database: Database, policy: Policy, comes_back: bool
) -> None:
    """Found by seed 309: nobody can tell whether it had been sent, so that the chat's policy decides."""
    world = World(database, sending=Sending(policy=policy))
    await following(world, "old")
    world.page.publish("a", at=5)
    world.page.publish("new", at=6)
    world.platform.trick("send", killed_before)
    await world.live(60)
    world.page.withdraw("a")
    await world.poll()
    await world.live(61)
    assert "Headline a" not in world.shows()
    world.page.publish("a", at=5)
    await world.poll()
    await world.live(61)
    await world.live(61)
    assert ("Headline a" in world.shows()) is comes_back
    assert await world.owed() == 0


async def test_6_what_certainly_was_not_sent_is_sent_even_where_the_chat_prefers_to_skip(database: Database) -> None:
    world = World(database, sending=Sending(policy="skip"))
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", Failed("connection refused", platform_wide=True))
    await world.live(60)
    world.advance(10)
    await world.send()
    assert world.shows() == ["Headline a"]


@pytest.mark.parametrize("lost", [lost_after, killed_after])
async def test_6_a_chat_that_prefers_to_skip_gets_no_part_twice_that_an_edit_adds(
    database: Database, lost: Trick
) -> None:
    world = World(database, sending=Sending(policy="skip"))
    await growing(world)
    says(world, "one", "two")
    world.platform.trick("send", lost)
    await world.live(60)
    await world.live(60)
    says(world, "corrected", "two")
    await world.live(60)
    assert world.texts() == ["Headline a\ncorrected", "two"]
    assert await world.states() == ["settled"]


@pytest.mark.parametrize("refused", [Failed("connection refused", platform_wide=True), Later(timedelta(seconds=5))])
async def test_6_a_part_that_certainly_was_not_added_is_added_even_where_the_chat_prefers_to_skip(
    database: Database, refused: Outcome
) -> None:
    world = World(database, sending=Sending(policy="skip"))
    await growing(world)
    says(world, "one", "two")
    world.platform.trick("send", refused)
    await world.live(60)
    await world.live(60)
    assert world.texts() == ["Headline a\none", "two"]


# ── 7: only what is new to a subscription ────────────────────────────────────────────────────────────────────────


async def test_7_an_entry_of_the_baseline_is_never_sent_however_it_is_edited(world: World) -> None:
    world.page.publish("a")
    await world.follow()
    await world.live()
    world.page.edit("a", body=RichText("Corrected."))
    await world.live(60)
    assert world.shows() == []


async def test_7_what_slides_up_from_a_further_page_is_not_news(world: World) -> None:
    for minute in range(5):
        world.page.publish(f"e{minute}", at=10 + minute)
    world.page.next_pages = [[Entry("older", headline="Headline older", published_at=NOON)]]
    await world.follow()
    await world.live()
    world.page.withdraw("e4")
    world.page.entries.append(world.page.next_pages[0][0])
    await world.live(60)
    await world.live(61)
    assert world.shows() == []


async def test_7_an_entry_edited_into_a_filter_is_sent_and_edited_out_of_it_stays(world: World) -> None:
    await world.follow("chat", "ship")
    await world.live()
    world.page.publish("a", "Nothing to see.")
    await world.live(60)
    world.page.edit("a", body=RichText("A ship!"))
    await world.live(60)
    assert world.texts() == ["Headline a\nA ship!"]
    world.page.edit("a", body=RichText("It was a whale."))
    await world.live(60)
    assert world.texts() == ["Headline a\nIt was a whale."]


# ── 8: removal needs proof ───────────────────────────────────────────────────────────────────────────────────────


async def test_8_absence_below_the_horizon_proves_nothing(world: World) -> None:
    world.page.whole = False
    await following(world, "a", "b", "c")
    world.page.withdraw("a")
    for _ in range(4):
        await world.live(61)
    assert world.shows() == ["Headline a", "Headline b", "Headline c"]


async def test_8_what_the_source_itself_says_it_took_back_goes_at_once_from_wherever_it_stood(world: World) -> None:
    world.page.whole = world.page.complete = False
    await following(world, "a", "b", "c")
    world.page.withdraw("a", "b")
    world.page.withdrawn = ("a", "b", "never seen")
    await world.live(61)
    assert world.shows() == ["Headline c"]
    await world.live(61)
    assert world.shows() == ["Headline c"]


async def test_8_an_entry_of_the_same_minute_as_the_horizon_may_stand_on_the_next_page(world: World) -> None:
    world.page.whole = False
    await following(world)
    for key, minute in (("a", 0), ("b", 0), ("c", 1)):
        world.page.publish(key, at=minute)
    await world.live(60)
    world.page.withdraw("a")
    for _ in range(4):
        await world.live(61)
    assert world.shows() == ["Headline a", "Headline b", "Headline c"]


async def test_8_a_pinned_old_entry_does_not_lower_the_horizon(world: World) -> None:
    world.page.whole = False
    await following(world, "a", "b", "c")
    world.page.withdraw("a")
    world.page.publish("pinned", at=-60, flags=("pinned",))
    for _ in range(4):
        await world.live(61)
    assert "Headline a" in world.shows()


async def test_8_an_unchanged_page_is_a_second_look(world: World) -> None:
    await following(world, "a", "b")
    world.page.withdraw("a")
    world.page.unchanged = False
    await world.live(60)
    world.page.unchanged = True
    await world.live(61)
    assert world.shows() == ["Headline b"]


async def test_8_a_cut_page_proves_nothing(world: World) -> None:
    await following(world, "a", "b")
    world.page.withdraw("a")
    world.page.complete = False
    for _ in range(3):
        await world.live(61)
    assert world.shows() == ["Headline a", "Headline b"]


async def test_8_what_leaves_a_feed_was_not_withdrawn(world: World) -> None:
    world.page.absence_tells = False
    await following(world, "a", "b", "c")
    world.page.withdraw("b")
    for _ in range(3):
        await world.live(61)
    assert world.shows() == ["Headline a", "Headline b", "Headline c"]


async def test_8_many_entries_that_vanish_at_once_are_held_and_come_back_unharmed(world: World) -> None:
    await following(world, *"abcdefghijkl")
    all_of_it = list(world.page.entries)
    world.page.withdraw(*"efgh")
    for _ in range(4):
        await world.live(61)
    assert len(world.shows()) == 12
    world.page.entries = all_of_it
    await world.live(61)
    world.page.withdraw("k")
    await world.live(61)
    await world.live(61)
    assert len(world.shows()) == 11


async def test_8_entries_that_all_go_by_new_keys_are_the_same_entries(world: World) -> None:
    await following(world, *"abcdef")
    world.page.entries = [replace(entry, key=f"new-{entry.key}") for entry in world.page.entries]
    for _ in range(3):
        await world.live(61)
    assert world.shows() == [f"Headline {key}" for key in "abcdef"]
    world.page.edit("new-c", body=RichText("Corrected."))
    await world.live(61)
    assert world.texts()[2] == "Headline c\nCorrected."


async def test_8_entries_with_ids_whose_words_are_alike_are_not_taken_for_one(world: World) -> None:
    await following(world)
    for key in "abcdefgh":
        world.page.publish(key, "What there is to say about it.", headline=f"Post {key}: calm")
    await world.live(60)
    world.page.withdraw(*"abcde")
    for key in "ijklm":
        world.page.publish(key, "What there is to say about it.", headline=f"Post {key}: gale")
    await world.live(60)
    assert world.shows()[8:] == [f"Post {key}: gale" for key in "ijklm"]


async def test_8_two_that_stand_on_the_page_together_are_not_one(world: World) -> None:
    await following(world)
    world.page.publish("k1", "The lamp went out at nine.", headline="Lamp out", derived=True)
    world.page.publish("k0", "All is calm.", headline="Calm", derived=True, at=-5)
    await world.live(60)
    (first,) = [entry for entry in world.page.entries if entry.key == "k1"]
    world.page.edit("k1", key="k2", headline="Lamp out again")
    await world.live(60)
    assert world.shows() == ["Calm", "Lamp out again"]
    world.page.entries.insert(0, first)
    for _ in range(3):
        await world.live(61)
    assert sorted(world.shows()) == ["Calm", "Lamp out", "Lamp out again"]


async def test_8_without_ids_an_edited_headline_is_an_edit(world: World) -> None:
    await following(world)
    world.page.publish("k1", "The lamp went out at nine.", headline="Lamp out", derived=True)
    world.page.publish("k2", "A ship is near the rocks.", headline="Ship near", derived=True, at=1)
    await world.live(60)
    world.page.edit("k2", key="k3", headline="Ship very near the rocks")
    await world.live(60)
    await world.live(120)
    assert world.shows() == ["Lamp out", "Ship very near the rocks"]


# ── 9: stale copies ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_9_an_older_copy_from_another_cache_changes_nothing(world: World) -> None:
    world.page.modified_at = NOON
    await following(world, "a")
    before = list(world.page.entries)
    world.page.edit("a", body=RichText("Corrected."))
    world.page.modified_at = NOON + timedelta(minutes=5)
    await world.live(60)
    after = list(world.page.entries)
    for entries, minutes in ((before, 0), (after, 5), (before, 0), (after, 5)):
        world.page.entries, world.page.modified_at = entries, NOON + timedelta(minutes=minutes)
        await world.live(20)
    assert [call for call, _ in world.platform.calls] == ["send", "edit"]


async def test_9_an_older_copy_is_not_believed_even_where_it_shows_a_text_long_replaced(world: World) -> None:
    world.page.modified_at = NOON
    await following(world, "a")
    oldest = list(world.page.entries)
    for minute, words in ((5, "Second."), (9, "Third.")):
        world.page.edit("a", body=RichText(words))
        world.page.modified_at = NOON + timedelta(minutes=minute)
        await world.live(60)
    world.page.entries, world.page.modified_at = oldest, NOON
    await world.live(20)
    assert world.texts() == ["Headline a\nThird."]
    await world.live(61)
    assert world.texts() == ["Headline a\nWhat happened in a."]


async def test_9_a_return_to_an_earlier_text_is_believed_when_seen_twice(world: World) -> None:
    await following(world, "a")
    world.page.edit("a", body=RichText("Second."))
    await world.live(60)
    world.page.edit("a", body=RichText("What happened in a."))
    await world.live(60)
    assert world.texts() == ["Headline a\nSecond."]
    await world.live(61)
    assert world.texts() == ["Headline a\nWhat happened in a."]


async def test_9_a_removed_entry_that_is_back_is_sent_again(world: World) -> None:
    await following(world, "a", "b")
    kept = list(world.page.entries)
    world.page.withdraw("b")
    await world.live(10)
    await world.live(61)
    assert world.shows() == ["Headline a"]
    world.page.entries = kept
    await world.live(60)
    assert world.shows() == ["Headline a"]
    await world.live(61)
    assert world.shows() == ["Headline a", "Headline b"]


async def test_9_a_withdrawal_notice_is_edited_back(make_world: MakeWorld) -> None:
    world = make_world(removes_until=timedelta(hours=48))
    await following(world, "a", "b")
    kept = list(world.page.entries)
    world.advance(50 * 3600)
    world.page.withdraw("b")
    await world.live(10)
    await world.live(61)
    assert world.shows() == ["Headline a", "This update was withdrawn"]
    world.page.entries = kept
    await world.live(60)
    await world.live(61)
    assert world.shows() == ["Headline a", "Headline b"]


# ── 10: what people did stays ────────────────────────────────────────────────────────────────────────────────────


async def test_10_a_message_that_people_deleted_is_never_sent_again(world: World) -> None:
    await following(world, "a")
    world.platform.chats["chat"].clear()
    for number in range(3):
        world.page.edit("a", body=RichText(f"Version {number}."))
        await world.live(61)
    assert world.shows() == []
    assert await world.states() == ["gone"]


async def test_10_what_people_deleted_before_it_was_withdrawn_is_not_sent_when_it_comes_back(world: World) -> None:
    await following(world, "a", "b")
    world.platform.chats["chat"].pop(0)
    world.page.withdraw("a")
    await world.live(10)
    await world.live(61)
    world.page.publish("a", "It is back.", at=0)
    await world.live(60)
    await world.live(61)
    assert world.shows() == ["Headline b"]


async def test_10_a_message_refused_for_itself_is_said_more_plainly(world: World) -> None:
    await following(world)
    world.page.publish("a", images=(picture("broken"),))
    world.platform.trick("send", Refused("wrong type of the web page content", "message"))
    await world.live(60)
    assert [(shown.kind, shown.text.split("\n")[0]) for shown in world.platform.chats["chat"]] == [
        ("text", "Headline a")
    ]


async def test_10_a_chat_that_threw_the_bot_out_keeps_everything_until_it_is_back(world: World) -> None:
    await following(world)
    world.page.publish("a")
    world.platform.trick("send", Refused("bot was kicked from the group chat", "chat"))
    await world.live(60)
    world.page.publish("b", at=1)
    await world.live(60)
    assert await world.chat_state() == ("held", "bot was kicked from the group chat")
    assert world.shows() == []
    async with world.database.write() as connection:
        await chats.release(connection, Address("terminal", "bot", "chat"), world.clock.now())
    await world.send()
    assert world.shows() == ["Headline a", "Headline b"]


async def test_10_being_told_to_wait_costs_no_attempt(world: World) -> None:
    await following(world)
    world.page.publish("a")
    await world.poll()
    for _ in range(20):
        world.platform.trick("send", Later(timedelta(seconds=30)))
        await world.send()
        world.advance(31)
    await world.send()
    assert world.shows() == ["Headline a"]
