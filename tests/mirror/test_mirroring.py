"""A chat shows what the page says: entries in order, corrections in place, withdrawals gone."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import PageGone
from bot.model import Image
from bot.ports import Later, Refused
from bot.richtext import RichText
from bot.store import housekeeping

from .world import World, picture


async def test_what_the_page_brings_arrives_in_order(world: World) -> None:
    world.page.publish("a", at=1)
    await world.follow()
    await world.live()
    world.page.publish("b", at=2)
    world.page.publish("c", at=3)
    await world.live(60)
    assert world.shows() == ["Headline b", "Headline c"]


async def test_entries_of_one_minute_keep_the_order_in_which_they_came(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.poll()
    world.page.publish("b")
    world.page.publish("c")
    await world.poll()
    await world.send()
    assert world.shows() == ["Headline a", "Headline b", "Headline c"]


async def test_an_unchanged_page_sends_nothing(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    for _ in range(3):
        await world.live(60)
    assert world.shows() == ["Headline a"]


async def test_a_correction_changes_the_message_where_it_stands(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a", at=1)
    world.page.publish("b", at=2)
    await world.live(60)
    world.page.edit("a", body=RichText("What really happened."))
    await world.live(60)
    assert world.texts()[0] == "Headline a\nWhat really happened."
    assert len(world.texts()) == 2


async def test_a_withdrawn_entry_goes_after_a_second_look_a_minute_later(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a", at=1)
    world.page.publish("b", at=2)
    await world.live(60)
    world.page.withdraw("a")
    await world.live(30)
    assert world.shows() == ["Headline a", "Headline b"]
    await world.live(60)
    assert world.shows() == ["Headline b"]


async def test_an_entry_withdrawn_before_it_was_sent_is_never_sent(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    world.page.publish("b", at=1)
    await world.poll()
    world.page.withdraw("a")
    await world.poll()
    world.advance(61)
    await world.poll()
    await world.send()
    assert world.shows() == ["Headline b"]
    assert await world.states() == ["settled", "settled"]


async def test_ten_edits_while_a_chat_waits_cost_one_edit(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.live(60)
    for number in range(10):
        world.page.edit("a", body=RichText(f"Version {number}."))
        world.advance(60)
        await world.poll()
    await world.send()
    assert world.texts() == ["Headline a\nVersion 9."]
    assert [call for call, _ in world.platform.calls] == ["send", "edit"]


async def test_only_what_passes_the_filter_is_sent(world: World) -> None:
    await world.follow("all")
    await world.follow("ships", "ship")
    await world.live()
    world.page.publish("a", "A ship was seen.")
    world.page.publish("b", "The fog lifts.", at=1)
    await world.live(60)
    assert world.shows("all") == ["Headline a", "Headline b"]
    assert world.shows("ships") == ["Headline a"]


async def test_the_summary_is_one_pinned_message_that_stays_current(world: World) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.live(60)
    world.page.summary = ["The lamp is lit", "A ship is near"]
    await world.live(60)
    assert [text.split("\n")[1:] for text in world.texts() if "lamp" in text] == [
        ["• The lamp is lit", "• A ship is near"]
    ]
    assert [shown.pinned for shown in world.platform.chats["chat"] if "lamp" in shown.text] == [True]


async def test_the_end_is_said_once_and_unpins_the_summary(world: World) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.summary = ["The lamp shines"]
    await world.live(60)
    world.page.status = "ended"
    await world.live(60)
    world.page.status = "live"
    world.page.publish("z", at=5)
    await world.live(60)
    world.page.status = "ended"
    await world.live(60)
    assert sum("ended" in line for line in world.shows()) == 1
    assert "Headline z" in world.shows()
    assert not any(shown.pinned for shown in world.platform.chats["chat"])


async def test_a_picture_that_comes_later_is_put_into_the_message(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.live(60)
    world.page.edit("a", images=(picture("ship"),))
    await world.live(60)
    assert [shown.kind for shown in world.platform.chats["chat"]] == ["photo"]


async def test_where_a_kind_cannot_be_edited_the_last_message_is_replaced(world: World) -> None:
    world.platform.editable = False
    await world.follow()
    await world.live()
    world.page.publish("a", images=(picture("wrong"),))
    await world.live(60)
    world.page.edit("a", images=())
    await world.live(60)
    assert [(shown.kind, shown.text) for shown in world.platform.chats["chat"]] == [
        ("text", "Headline a\nWhat happened in a.")
    ]
    assert await world.owed() == 0


async def test_where_a_kind_cannot_be_edited_an_earlier_message_keeps_its_place(world: World) -> None:
    world.platform.editable = False
    await world.follow()
    await world.live()
    world.page.publish("a", images=(picture("wrong"),))
    world.page.publish("b", at=1)
    await world.live(60)
    world.page.edit("a", images=(), body=RichText("No picture."))
    await world.live(60)
    assert world.texts()[0] == "Headline a\nNo picture."
    assert world.shows() == ["Headline a", "Headline b"]


async def test_white_space_sizes_and_times_are_no_edits(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a", "Some  words", images=(Image("https://pictures.example/480/a.jpg?x=1"),))
    await world.live(60)
    world.page.edit(
        "a",
        body=RichText("Some words"),
        images=(Image("https://pictures.example/976/a.jpg"),),
        flags=frozenset({"pinned"}),
    )
    await world.live(60)
    assert [call for call, _ in world.platform.calls] == ["send"]


async def test_a_clock_that_was_wrong_for_a_while_stops_nothing(world: World) -> None:
    await world.follow()
    await world.live()
    world.advance(400 * 24 * 3600)
    world.page.publish("a")
    world.platform.trick("send", Later(timedelta(seconds=30)))
    await world.live()
    world.advance(-400 * 24 * 3600)
    world.page.publish("b", at=1)
    await world.live(60)
    assert world.shows() == ["Headline a", "Headline b"]


async def test_a_page_that_is_gone_ends_its_source_and_what_was_posted_stays(world: World) -> None:
    world.page.summary = ["The lamp is lit"]
    await world.follow()
    await world.live()
    world.page.publish("a")
    world.page.summary = ["The lamp shines"]
    await world.live(60)
    assert any(shown.pinned for shown in world.platform.chats["chat"])
    for _ in range(2):
        world.page.fail = PageGone("news.example says that the page is not there.")
        await world.live(60)
    assert "Headline a" in world.shows()
    assert not any(shown.pinned for shown in world.platform.chats["chat"])
    world.page.publish("b", at=1)
    await world.live(60)
    assert world.shows()[-1] == "Headline b"


async def test_a_chat_that_was_held_is_tried_again_in_case_the_platforms_word_was_lost(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    world.platform.trick("send", Refused("no right to write", "chat"))
    await world.live(60)
    world.advance(7 * 3600)
    async with world.database.write() as connection:
        assert await housekeeping.try_held(connection, world.clock.now()) == 1
    await world.send()
    assert world.shows() == ["Headline a"]


async def test_old_texts_are_forgotten_and_their_keys_are_not(world: World) -> None:
    await world.follow()
    await world.live()
    world.page.publish("a")
    await world.live(60)
    world.advance(40 * 24 * 3600)
    async with world.database.write() as connection:
        assert await housekeeping.forget_old(connection, world.clock.now(), timedelta(days=30)) == 1
    await world.live(60)
    assert world.shows() == ["Headline a"]
    world.page.edit("a", body=RichText("Corrected after a month."))
    await world.live(60)
    assert world.texts() == ["Headline a\nCorrected after a month."]
