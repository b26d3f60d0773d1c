"""/filter: shown, set, taken away, tried on the last entries; refused with a caret under the mistake."""

from __future__ import annotations

import pytest

from bot.ports import Button

from ..rows import PAGE, a_baseline, an_entry
from .world import World, a_page

OTHER = "https://news.example/live/two"


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page with three entries."""
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        for minute, headline in enumerate(("Fire in Kyiv", "Sport", "Kyiv votes")):
            await an_entry(connection, source_id, headline, minute=minute, body="More later.")
    world.clock.advance(minutes=5)
    return world


async def test_a_filter_is_shown_set_and_taken_away(storm: World) -> None:
    assert "1. Storm: everything" in await storm.say("/filter")
    assert (await storm.say("/filter kyiv 2026")).startswith("From now on only entries that fit arrive from Storm.\n")
    assert "1. Storm: kyiv 2026" in await storm.say("/filter", is_admin=False)
    assert "all entries arrive" in await storm.say("/filter off")
    assert "Filter: 2026\n" in await storm.say("/filter 2026")
    assert "Filter: -sport\n" in await storm.say("/filter 1 -sport")


async def test_what_was_set_is_tried_at_once_and_can_be_tested_or_taken_away_by_a_button(storm: World) -> None:
    said = await storm.answer("/filter kyiv OR moscow")
    assert said.text.text.endswith("Filter: kyiv OR moscow\nOf the last 3 entries 2 would have passed.")
    assert said.buttons == ((Button("Show which", "filter 1 test"), Button("Off", "filter 1 off")),)
    assert (await storm.answer("/filter")).buttons == (
        (Button("Test", "filter 1 test"), Button("Off", "filter 1 off")),
        (Button("Change…", "filter 1", asks=True, typed="kyiv OR moscow"),),
    )


async def test_the_button_that_changes_a_filter_asks_for_it_where_there_is_no_form(storm: World) -> None:
    assert (await storm.answer("/filter")).buttons == ((Button("Write one…", "filter 1", asks=True),),)
    asked = await storm.answer("/filter 1 …", pressed=True)
    assert (asked.text.text, asked.asks) == ("What shall stand after /filter 1?", "filter 1")


async def test_a_test_shows_the_last_entries_which_would_have_passed_and_why_not(storm: World) -> None:
    said = await storm.answer("/filter test kyiv -fire", is_admin=False)
    assert said.text.text == (
        "Storm: kyiv -fire\n"
        "Of the last 3 entries 1 would have passed.\n"
        "✓ 12:02  Kyiv votes: it mentions “kyiv” and it does not mention “fire”\n"
        "✗ 12:01  Sport: it does not mention “kyiv”\n"
        "✗ 12:00  Fire in Kyiv: it mentions “fire”"
    )
    assert said.buttons == ((Button("Use this filter", "filter 1 kyiv -fire"),),)
    assert "1. Storm: everything" in await storm.say("/filter")


async def test_a_bare_test_tries_what_is_set_on_the_page_that_is_named(storm: World) -> None:
    await storm.say("/filter kyiv")
    storm.pages[OTHER] = a_page(OTHER, "Vote")
    await storm.say(f"/subscribe {OTHER} fire")
    for typed in ("/filter test 1", "/filter 1 test", f"/filter test {PAGE}"):
        assert (await storm.say(typed)).startswith("Storm: kyiv\nOf the last 3 entries 2 would have passed.")
    assert "Which one? Send its number too, for example /filter test 1 kyiv" in await storm.say("/filter test kyiv")
    everywhere = await storm.say("/filter test all kyiv")
    assert "Vote: kyiv\nThere are no entries yet to try it on." in everywhere


async def test_a_test_shows_twenty_entries(storm: World) -> None:
    async with storm.database.write() as connection:
        source_id = await a_baseline(connection)
        for number in range(20):
            await an_entry(connection, source_id, f"News {number}", minute=3 + number)
    said = await storm.say("/filter test news")
    assert "Of the last 20 entries 20 would have passed." in said
    assert said.count("\n✓") == 20


async def test_a_filter_too_long_for_a_button_gets_none(storm: World) -> None:
    assert not (await storm.answer(f"/filter test {'kyiv ' * 20}")).buttons


async def test_a_mistake_is_refused_with_a_caret_under_the_place_and_a_suggestion(storm: World) -> None:
    said = (await storm.answer("/filter kyiv is:braking")).text
    assert said.text == (
        "That filter goes wrong here:\nkyiv is:braking\n········^\n“is:” does not know “braking”. Write is:breaking."
    )
    assert [said.text[span.start : span.end] for span in said.spans] == ["kyiv is:braking", "········^"]
    assert "1. Storm: everything" in await storm.say("/filter")


async def test_the_caret_stands_under_the_place_in_long_filters_and_wide_scripts(storm: World) -> None:
    _, typed, caret, _ = (await storm.say(f"/filter 基辅 {'many ' * 10}(fire")).split("\n")
    assert typed[caret.index("^")] == "("
    _, typed, caret, _ = (await storm.say("/filter 基辅 (fire")).split("\n")
    assert (typed, caret) == ("基辅 (fire", "·····^")


async def test_a_mistake_after_subscribe_is_pointed_at_too(world: World) -> None:
    said = await world.say(f"/subscribe {PAGE} kyiv OR")
    assert said.startswith("That filter goes wrong here:\nkyiv OR\n")


async def test_a_small_or_is_a_word_and_that_is_said(storm: World) -> None:
    assert "in capitals, OR means either" in await storm.say("/filter kyiv or moscow")


async def test_only_admins_set_a_filter(storm: World) -> None:
    for typed in ("/filter kyiv", "/filter 1 kyiv", "/filter off"):
        assert "Only the admins" in await storm.say(typed, is_admin=False)
    assert "1. Storm: everything" in await storm.say("/filter")
