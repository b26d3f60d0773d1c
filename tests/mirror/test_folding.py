"""The same story twice: what another source tells of an event stands under the first message, and is never lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.model import Ping
from bot.pinging import to_json
from bot.ports import Failed, Gone, Later, Refused
from bot.richtext import RichText
from bot.store import housekeeping, pausing, removing, subscriptions, takedown
from bot.store.schema import FOREVER, chat, delivery, subscription

from .newsrooms import AGAIN, BLAST, OTHER, SAME, Newsrooms
from .world import World, killed_after, killed_before, lost_after, picture

MINUTE, HOUR = 60, 3600
ALSO = f"Also reported by Gull: {SAME}"


@pytest.fixture
async def press(world: World) -> Newsrooms:
    """A chat that follows two newsrooms and folds."""
    found = Newsrooms(world, "Harbour", "Gull")
    await found.begin()
    return found


async def folded(press: Newsrooms) -> None:
    """Let both tell the same event."""
    harbour, gull = press.rooms[:2]
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, ALSO]]


def lines(world: World, where: str = "chat") -> list[list[str]]:
    """Return what stands in the chat: of each message the headline, and who else reported it."""
    told = [shown.text.split("\n") for shown in world.platform.chats.get(where, [])]
    return [[each[0], *(line for line in each[1:] if line.startswith("Also"))] for each in told]


# ── folding ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_another_source_tells_of_the_same_event_is_named_under_the_first_message(press: Newsrooms) -> None:
    await folded(press)
    assert press.world.platform.calls == [("send", BLAST), ("edit", BLAST)]
    assert await press.world.states() == ["settled", "told"]


async def test_another_event_is_a_message_of_its_own(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("other", OTHER)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [OTHER]]


async def test_a_chat_that_does_not_fold_gets_both(press: Newsrooms) -> None:
    await press.fold(fold=False)
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_two_that_come_together_are_one_message(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, ALSO]]


async def test_the_same_source_tells_its_story_twice_if_it_wants_to(press: Newsrooms) -> None:
    harbour, _ = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    harbour.tells("again", AGAIN, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [AGAIN]]


async def test_after_two_hours_it_is_told_anew(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=125)
    await press.live(2 * HOUR + 4 * MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_a_filter_judges_each_entry_by_itself(world: World) -> None:
    press = Newsrooms(world, "Harbour", "Gull")
    await press.begin(words="rocks")
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(world) == [[BLAST]]
    assert len(await world.states()) == 1


async def test_a_source_is_named_once_under_a_message_and_its_next_report_is_sent(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[1].tells("again", AGAIN, at=2)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, ALSO], [AGAIN]]


async def test_three_are_named_under_a_message_and_the_next_is_sent(world: World) -> None:
    press = Newsrooms(world, "Harbour", "Gull", "Tern", "Plover", "Knot")
    await press.begin()
    for minute, room in enumerate(press.rooms):
        room.tells("same", BLAST if not minute else SAME, at=minute)
    await press.live(MINUTE)
    named = [f"Also reported by {name}: {SAME}" for name in ("Gull", "Tern", "Plover")]
    assert lines(world) == [[BLAST, *named], [SAME]]


async def test_breaking_news_rings_for_itself_unless_the_first_was_breaking_too(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1, flags=("breaking",))
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_an_entry_that_calls_a_role_is_sent_by_itself(world: World) -> None:
    press = Newsrooms(world, "Harbour", "Gull")
    _, gulls = await press.begin()
    async with world.database.write() as connection:
        calls = update(subscription).where(subscription.c.id == gulls)
        await connection.execute(calls.values(ping=to_json(Ping("77", "crew", "explosion"))))
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(world) == [[BLAST], [SAME]]


async def test_the_summary_and_digests_are_never_folded(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await pausing.pause(connection, ids[:1], FOREVER)
    for number in range(12):
        harbour.tells(f"h{number}", f"Report {number} of the lighthouse keeper", at=number)
    harbour.tells("blast", BLAST, at=-1)
    await press.live(MINUTE)
    async with press.world.database.write() as connection:
        await pausing.resume(connection, ids[:1], press.world.clock.now())
    await press.world.send()
    assert len(lines(press.world)) == 4
    gull.tells("same", SAME, at=20)
    await press.live(MINUTE)
    assert lines(press.world)[-1] == [SAME]


async def test_entries_in_threads_of_their_pages_stand_by_themselves(world: World) -> None:
    press = Newsrooms(world, "Harbour", "Gull")
    await press.begin(style={"thread": True})
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(world) == [[BLAST], [SAME]]


async def test_a_topic_does_not_fold_into_another_one(world: World) -> None:
    press = Newsrooms(world, "Harbour", "Gull")
    harbour, gull = press.rooms
    await world.follow("chat", url=harbour.url, thread="1")
    await world.follow("chat", url=gull.url, thread="2")
    await press.fold(fold=True)
    await press.live()
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(world) == [[BLAST], [SAME]]


# ── what holds first sends ───────────────────────────────────────────────────────────────────────────────────────


async def test_what_a_pause_holds_is_not_folded_before_its_end(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await pausing.pause(connection, ids[1:], FOREVER)
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST]]
    async with press.world.database.write() as connection:
        await pausing.resume(connection, ids[1:], press.world.clock.now())
    await press.world.send()
    assert lines(press.world) == [[BLAST, ALSO]]


async def test_where_the_first_report_is_held_the_second_is_sent_and_the_first_folds_into_it(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await pausing.pause(connection, ids[:1], FOREVER)
    harbour.tells("blast", BLAST)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[SAME]]
    async with press.world.database.write() as connection:
        await pausing.resume(connection, ids[:1], press.world.clock.now())
    await press.world.send()
    assert lines(press.world) == [[SAME, f"Also reported by Harbour: {BLAST}"]]


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_corrected_headline_is_corrected_in_the_line(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[1].edit("same", headline=f"{SAME}, two hurt")
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, f"{ALSO}, two hurt"]]


async def test_an_edit_of_the_first_entry_keeps_the_line_and_is_its_only_new_revision(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[0].edit("blast", body=RichText("Corrected."))
    await press.live(MINUTE)
    assert press.world.texts() == [f"{BLAST}\nCorrected.\n{ALSO}"]
    async with press.world.database.read() as connection:
        shown = (await connection.execute(select(delivery.c.wanted, delivery.c.shown).order_by(delivery.c.id))).all()
    assert [tuple(row) for row in shown] == [(2, 2), (1, 1)]


async def test_the_line_goes_when_its_entry_is_withdrawn_and_comes_back_with_it(press: Newsrooms) -> None:
    await folded(press)
    gull = press.rooms[1]
    gull.tells("later", OTHER, at=3)
    (same,) = [entry for entry in gull.entries if entry.key == "same"]
    gull.withdraw("same")
    for _ in range(3):
        await press.live(70)
    assert lines(press.world)[0] == [BLAST]
    gull.entries.append(same)
    for _ in range(3):
        await press.live(70)
    assert lines(press.world) == [[BLAST, ALSO], [OTHER]]


async def test_an_entry_corrected_to_tell_another_event_is_sent_and_its_line_goes(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[1].edit("same", headline="Strong explosion in central Castelo")
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], ["Strong explosion in central Castelo"]]


async def test_the_first_entry_corrected_to_tell_another_event_lets_the_second_go(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[0].edit("blast", headline="Explosion rocks central Castelo")
    await press.live(MINUTE)
    assert lines(press.world) == [["Explosion rocks central Castelo"], [SAME]]


async def test_numbers_that_grow_make_no_other_event(press: Newsrooms) -> None:
    await folded(press)
    press.rooms[1].edit("same", headline=f"{SAME}: 3 dead")
    press.rooms[0].edit("blast", headline=f"{BLAST}, 5 dead")
    await press.live(MINUTE)
    assert lines(press.world) == [[f"{BLAST}, 5 dead", f"{ALSO}: 3 dead"]]


async def test_after_a_month_the_line_still_follows_its_entry(press: Newsrooms) -> None:
    await folded(press)
    press.world.advance(40 * 24 * HOUR)
    async with press.world.database.write() as connection:
        await housekeeping.forget_old(connection, press.world.clock.now(), timedelta(days=30))
    press.rooms[1].edit("same", headline=f"{SAME}, two hurt")
    await press.live(MINUTE)
    assert press.world.texts() == [f"{BLAST}\nWhat happened in blast.\n{ALSO}, two hurt"]


async def test_what_two_pages_tell_under_one_address_is_one_entry_unless_that_is_the_pages(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("a", "What we know so far")
    harbour.edit("a", url="https://wire.example/1")
    gull.tells("b", OTHER, at=1)
    gull.edit("b", url="https://wire.example/1")
    await press.live(MINUTE)
    assert lines(press.world) == [["What we know so far", f"Also reported by Gull: {OTHER}"]]
    harbour.tells("c", "Tide tables for today")
    harbour.edit("c", url=gull.url)
    gull.tells("d", "Mayor opens the new bridge", at=2)
    gull.edit("d", url=gull.url)
    await press.live(MINUTE)
    assert lines(press.world)[1:] == [["Tide tables for today"], ["Mayor opens the new bridge"]]


# ── nothing is lost ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_where_the_first_entry_is_withdrawn_the_second_is_sent_by_itself(press: Newsrooms) -> None:
    await folded(press)
    harbour = press.rooms[0]
    harbour.tells("later", OTHER, at=3)
    harbour.withdraw("blast")
    for _ in range(3):
        await press.live(70)
    assert lines(press.world) == [[OTHER], [SAME]]
    assert await press.world.states() == ["settled", "settled", "settled"]


async def test_where_people_deleted_the_first_message_the_second_is_sent_by_itself(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    press.world.platform.chats["chat"].clear()
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[SAME]]
    assert await press.world.states() == ["gone", "settled"]


async def test_what_people_deleted_with_the_line_under_it_is_not_sent_again(press: Newsrooms) -> None:
    await folded(press)
    press.world.platform.chats["chat"].clear()
    press.rooms[1].edit("same", headline=f"{SAME}, two hurt")
    await press.live(MINUTE)
    assert lines(press.world) == []


async def test_what_people_had_taken_away_by_a_command_does_not_come_back_in_parts(press: Newsrooms) -> None:
    await folded(press)
    async with press.world.database.write() as connection:
        here = (await connection.execute(select(chat.c.id))).scalar_one()
        await removing.remove_last(connection, here, 1, press.world.clock.now())
    await press.world.send()
    press.rooms[1].edit("same", headline=f"{SAME}, two hurt")
    await press.live(MINUTE)
    assert lines(press.world) == []


@pytest.mark.parametrize(
    "answer",
    [Refused("not this one", "act"), Later(timedelta(minutes=20), "delivery"), Gone("message to edit not found")],
    ids=["refused", "put off", "gone"],
)
async def test_where_the_first_message_cannot_be_edited_the_second_is_sent_by_itself(
    press: Newsrooms, answer: Refused | Later | Gone
) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    press.world.platform.trick("edit", answer)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]
    await press.live(HOUR)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_an_edit_that_fails_until_it_is_given_up_lets_the_second_go(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    for _ in range(8):
        press.world.platform.trick("edit", Failed("no"))
    gull.tells("same", SAME, at=1)
    for _ in range(10):
        await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_an_edit_that_fails_once_is_tried_again(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    press.world.platform.trick("edit", Failed("no"))
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, ALSO]]


async def test_where_the_line_would_make_another_message_the_second_is_sent_by_itself(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    as_usual = press.world.platform.parts
    press.world.platform.parts = lambda message: ("text", "text") if message.also else as_usual(message)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_who_unsubscribes_from_the_first_page_keeps_the_message_and_the_line(press: Newsrooms) -> None:
    await folded(press)
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await subscriptions.unsubscribe(connection, ids[0], press.world.clock.now())
    gull = press.rooms[1]
    gull.edit("same", headline=f"{SAME}, two hurt")
    await press.look(gull)
    await press.world.send()
    assert lines(press.world) == [[BLAST, f"{ALSO}, two hurt"]]
    assert await press.world.states() == ["ended", "told"]


async def test_who_unsubscribes_before_the_first_message_could_tell_it_gets_the_second(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    press.world.platform.trick("edit", Failed("no"))
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await subscriptions.unsubscribe(connection, ids[0], press.world.clock.now())
    press.world.advance(MINUTE)
    await press.world.send()
    assert lines(press.world) == [[BLAST], [SAME]]


async def test_who_unsubscribes_from_the_second_page_keeps_its_line_as_it_stands(press: Newsrooms) -> None:
    await folded(press)
    async with press.world.database.write() as connection:
        ids = (await connection.execute(select(subscription.c.id))).scalars().all()
        await subscriptions.unsubscribe(connection, ids[1], press.world.clock.now())
    press.rooms[0].edit("blast", body=RichText("Corrected."))
    await press.look(press.rooms[0])
    await press.world.send()
    assert lines(press.world) == [[BLAST, ALSO]]


async def test_an_entry_that_is_taken_down_leaves_the_message_that_named_it(press: Newsrooms) -> None:
    await folded(press)
    gull = press.rooms[1]
    async with press.world.database.write() as connection:
        await takedown.take_down(connection, f"{gull.url}#same", gull.url, press.world.clock.now())
    await press.world.send()
    assert lines(press.world) == [[BLAST]]


async def test_where_the_first_entry_is_taken_down_the_second_is_sent_by_itself(press: Newsrooms) -> None:
    await folded(press)
    harbour = press.rooms[0]
    async with press.world.database.write() as connection:
        await takedown.take_down(connection, f"{harbour.url}#blast", harbour.url, press.world.clock.now())
    await press.world.send()
    assert lines(press.world) == [[SAME]]


# ── kills ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("trick", [killed_before, killed_after, lost_after], ids=["before", "after", "answer lost"])
async def test_a_kill_while_it_is_folded_loses_nothing_and_repeats_nothing(press: Newsrooms, trick: Any) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    press.world.platform.trick("edit", trick)
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, ALSO]]
    assert await press.world.states() == ["settled", "told"]


async def test_a_withdrawal_while_the_edit_is_in_flight_is_not_lost(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    gull.tells("same", SAME, at=1)
    await press.look(gull)
    press.world.platform.trick("edit", killed_after)
    await press.world.send()
    gull.withdrawn = ("same",)
    gull.withdraw("same")
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST]]


async def test_a_correction_that_lands_while_the_edit_is_in_flight_is_not_lost(press: Newsrooms) -> None:
    harbour, gull = press.rooms
    harbour.tells("blast", BLAST)
    await press.live(MINUTE)
    as_usual = press.world.platform.edit

    async def edit(*asked: Any) -> Any:
        press.world.platform.edit = as_usual
        gull.edit("same", headline=f"{SAME}, two hurt")
        await press.look(gull)
        return await as_usual(*asked)

    press.world.platform.edit = edit
    gull.tells("same", SAME, at=1)
    await press.live(MINUTE)
    assert lines(press.world) == [[BLAST, f"{ALSO}, two hurt"]]


async def test_both_newsrooms_may_correct_themselves_at_the_same_moment(press: Newsrooms) -> None:
    await folded(press)
    harbour, gull = press.rooms
    harbour.edit("blast", headline="Explosion rocks central Castelo")
    gull.edit("same", headline="Strong explosion in central Norvane")
    await press.look_at_once()
    await press.live(MINUTE)
    assert lines(press.world) == [["Explosion rocks central Castelo"], ["Strong explosion in central Norvane"]]


async def test_on_a_platform_that_knows_names_a_replaced_message_keeps_the_line(
    make_world: Callable[..., World],
) -> None:
    world = make_world(idempotent_send=True, history=True)
    press = Newsrooms(world, "Harbour", "Gull")
    await press.begin()
    await folded(press)
    world.platform.editable = False
    world.platform.trick("send", lost_after)
    press.rooms[0].edit("blast", images=(picture("smoke"),))
    await press.live(MINUTE)
    await press.live(MINUTE)
    assert [call for call, _ in world.platform.calls[-3:]] == ["remove", "send", "send"]
    assert lines(world) == [[BLAST, ALSO]]
