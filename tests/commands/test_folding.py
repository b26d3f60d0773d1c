"""/fold: one message for a story that several pages tell, in this chat, as its admins want it; and what /why says."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.store.schema import delivery

from ..rows import PAGE, a_baseline, an_entry, show
from .world import World, a_page

OTHER = "https://news.example/live/two"


async def test_it_is_off_until_an_admin_switches_it_on_and_says_what_that_means(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    said = await world.answer("/fold", is_admin=False)
    assert said.text.text == "Every entry comes by itself, also where several pages tell the same story."
    assert [button.command for row in said.buttons for button in row] == ["fold on"]
    assert (await world.say("/fold on", is_admin=False)).startswith("Only the admins")
    said = await world.answer("/fold on")
    assert said.text.text == (
        "The same story comes once: what another page tells of the same event within 2 hours is named under the "
        "first message, with its headline and link. Nothing is left out."
    )
    assert [button.command for row in said.buttons for button in row] == ["fold off"]
    assert "The same story twice: comes once, with who else reported it" in await world.say("/settings")
    assert (await world.say("/fold OFF")).startswith("Every entry comes by itself")


async def test_it_is_set_before_anything_is_followed_and_for_this_chat_only(world: World) -> None:
    await world.say("/fold on")
    assert (await world.say("/fold")).startswith("The same story comes once")
    assert (await world.say("/fold", chat="-200")).startswith("Every entry comes by itself")


@pytest.mark.parametrize("typed", ["maybe", "on 1", "everywhere"])
async def test_what_is_neither_on_nor_off_is_refused(world: World, typed: str) -> None:
    assert await world.say(f"/fold {typed}") == "Say /fold on or /fold off."


async def test_why_says_into_what_an_entry_was_folded_and_leads_there(world: World) -> None:
    world.pages[OTHER] = a_page(OTHER, "Gull")
    await world.say(f"/subscribe {PAGE}")
    await world.say(f"/subscribe {OTHER}")
    async with world.database.write() as connection:
        fire, blaze = [
            await an_entry(connection, await a_baseline(connection, url, status="live"), headline, minute=2)
            for url, headline in ((PAGE, "Fire"), (OTHER, "Blaze"))
        ]
        await show(connection, fire)
        into = (await connection.execute(select(delivery.c.id).where(delivery.c.entry_id == fire))).scalar_one()
        await show(connection, blaze)
        folded = update(delivery).where(delivery.c.entry_id == blaze)
        await connection.execute(folded.values(state="told", told_by=into, shown=0))
    said = await world.answer(f"/why {PAGE}#Blaze")
    assert said.text.text.endswith("… Folded into Fire of News, which tells the same event: an edit names it there")
    async with world.database.write() as connection:
        await connection.execute(update(delivery).where(delivery.c.entry_id == blaze).values(shown=1))
    said = await world.answer(f"/why {PAGE}#Blaze")
    assert said.text.text.endswith("✓ Folded into Fire of News, which tells the same event: its headline stands there")
    assert [span.url for span in said.text.spans if span.kind == "link"][-1] == f"{PAGE}#Fire"
