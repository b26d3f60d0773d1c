"""/style: tried on a real entry, kept or not; a template is checked before it is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.model import Author, Entry, Image
from bot.ports import Answer
from bot.richtext import RichText
from bot.store import content
from bot.store.schema import entry, subscription

from ..rows import PAGE, a_baseline, after, an_entry
from .world import World, a_page

OTHER = "https://news.example/live/two"
PIER = Entry(
    key="pier",
    headline="Pier closed",
    body=RichText("It is unsafe. " * 40),
    published_at=after(0),
    url=f"{PAGE}#pier",
    authors=(Author("Jo Smith"),),
    images=(Image("https://pictures.example/1.jpg", caption="The pier"),),
)


@pytest.fixture
async def storm(world: World) -> World:
    """A world whose group follows a page with an entry that has everything, and a newer one that has little."""
    await world.say(f"/subscribe {PAGE}")
    async with world.database.write() as connection:
        source_id = await a_baseline(connection, status="live")
        pier = await an_entry(connection, source_id, "pier")
        told = update(entry).where(entry.c.id == pier).values(content=content.to_json(PIER))
        await connection.execute(told)
        await an_entry(connection, source_id, "Ferries sail", minute=1)
    return world


async def _styles(world: World) -> list[dict[str, object]]:
    async with world.database.read() as connection:
        stored = select(subscription.c.style).order_by(subscription.c.id)
        return list((await connection.execute(stored)).scalars().all())


def _pressed(answer: Answer, label: str) -> str:
    return "/" + next(button.command for row in answer.buttons for button in row if button.label == label)


async def test_the_style_is_shown_and_what_is_not_so_is_offered(storm: World) -> None:
    said = await storm.answer("/style", is_admin=False)
    assert said.text.text.startswith("1. Storm: summary, the first picture, author, time, label\n")
    labels = [[button.label for button in row] for row in said.buttons]
    assert labels == [
        ["Headline", "Full"],
        ["No pictures", "All pictures"],
        ["Author off", "Time off", "Label off", "Silent on"],
        ["Write a template…"],
    ]


async def test_a_style_is_shown_on_a_real_entry_before_it_is_kept(storm: World) -> None:
    said = await storm.answer("/style headline images off")
    assert said.text.text == (
        "New style: headline, no pictures, author, time, label\n\n"
        "Pier closed\n\n"
        "12:00 UTC, 23 Nov 2026 · Jo Smith · News\n\n"
        "Keep it? It is for what is sent, or edited, from now on."
    )
    assert await _styles(storm) == [{}]
    kept = await storm.say(_pressed(said, "Keep"), pressed=True)
    assert kept == ("Kept. From now on entries look like this:\nStorm: headline, no pictures, author, time, label")
    assert await _styles(storm) == [{"detail": "headline", "images": "off"}]


async def test_back_shows_the_style_as_it_is(storm: World) -> None:
    said = await storm.answer("/style full")
    assert "1. Storm: summary, " in await storm.say(_pressed(said, "Back"))
    assert await _styles(storm) == [{}]


async def test_a_preview_tells_of_pictures_and_is_cut_to_the_style(storm: World) -> None:
    assert "🖼 The pier" in await storm.say("/style silent on")
    assert len(await storm.say("/style full")) > len(await storm.say("/style summary"))


async def test_a_button_of_an_earlier_preview_keeps_nothing(storm: World) -> None:
    earlier = await storm.answer("/style full")
    later = await storm.answer("/style headline")
    assert "no longer the one that was tried last" in await storm.say(_pressed(earlier, "Keep"))
    assert await _styles(storm) == [{}]
    await storm.say(_pressed(later, "Keep"))
    assert "no longer the one that was tried last" in await storm.say(_pressed(later, "Keep"))
    assert await _styles(storm) == [{"detail": "headline"}]


async def test_a_template_is_previewed_and_kept(storm: World) -> None:
    said = await storm.answer(r"/style template {time:%H:%M} {headline:bold}\nby {author} for {source}, " + "x" * 60)
    assert "\n\n12:00 Pier closed\nby Jo Smith for News, xxx" in said.text.text
    assert "Kept" in await storm.say(_pressed(said, "Keep"))
    (stored,) = await _styles(storm)
    assert str(stored["template"]).startswith("{time:%H:%M} {headline:bold}")
    await storm.say("/style template off")
    await storm.say("/style keep")
    assert await _styles(storm) == [{}]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("template {headlin}", "That template goes wrong here:\n{headlin}\n·^\nThere is no {headlin}. Did you mean"),
        ("template", "It would say nothing of an entry"),
        ("template " + "x" * 501, "A template may have 500 characters, this one has 501"),
        (
            "headlines",
            "That style goes wrong here:\nheadlines\n^\n“headlines” is not known here. Did you mean headline?",
        ),
        ("images none", "images none\n·······^\n“images” needs one of its values here. Write images off or images"),
        ("silent", "Write silent on or silent off"),
        ("keep", "no longer the one that was tried last"),
    ],
)
async def test_what_is_no_style_is_refused_with_its_place(storm: World, typed: str, said: str) -> None:
    assert said in await storm.say(f"/style {typed}")
    assert await _styles(storm) == [{}]


async def test_one_of_several_pages_is_named_and_all_can_be_changed_at_once(storm: World) -> None:
    storm.pages[OTHER] = a_page(OTHER, "Vote")
    await storm.say(f"/subscribe {OTHER}")
    assert "/style 1 headline" in await storm.say("/style headline")
    await storm.say("/style 2 full")
    await storm.say("/style 2 keep")
    assert await _styles(storm) == [{}, {"detail": "full"}]
    said = await storm.answer("/style all silent on")
    await storm.say(_pressed(said, "Keep"))
    assert await _styles(storm) == [{"silent": True}, {"detail": "full", "silent": True}]
    assert not (await storm.answer("/style")).buttons
    assert (await storm.answer("/style 2")).buttons
    assert "There is no entry yet to show it on." in await storm.say("/style 2 default")


async def test_only_admins_change_a_style(storm: World) -> None:
    for typed in ("/style headline", "/style 1 images off", "/style keep"):
        assert "Only the admins" in await storm.say(typed, is_admin=False)


async def test_every_button_of_the_menu_leads_to_a_preview(storm: World) -> None:
    said = await storm.answer("/style")
    for row in said.buttons:
        for button in (each for each in row if not each.asks):
            assert [each.label for each in (await storm.answer(f"/{button.command}")).buttons[0]] == ["Keep", "Back"]
