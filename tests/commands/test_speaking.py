"""The language of a chat: heard at first contact, chosen with /language, spoken in every answer from then on."""

from __future__ import annotations

import pytest

from bot.commands.speaking import find_language
from bot.errors import CommandError

from ..rows import PAGE
from .world import World


async def test_a_chat_speaks_the_language_of_who_subscribed_first(world: World) -> None:
    said = await world.say(f"/subscribe {PAGE}", language="de-AT")
    assert said.startswith("Dieser Chat folgt jetzt Storm (News), als Nummer 1. Darauf stehen jetzt 4 Meldungen.")
    assert (await world.say("/pause", language="fr")).startswith("Pausiert")


async def test_before_anything_is_known_of_a_chat_its_people_are_answered_in_their_own_language(world: World) -> None:
    assert (await world.say("/list", language="es")).startswith("Este chat no sigue nada")
    assert (await world.say("/list", language="pt-BR")).startswith("This chat follows nothing")


async def test_a_chat_that_nobody_told_a_language_takes_the_first_that_it_hears(world: World) -> None:
    await world.say(f"/subscribe {PAGE}")
    assert (await world.say("/timezone Kyiv", language="uk")).startswith("Тут діє час Kyiv")
    assert (await world.say("/settings")).startswith("Мова: Українська")


async def test_what_was_chosen_stays_whoever_comes(world: World) -> None:
    await world.say(f"/subscribe {PAGE}", language="de")
    said = await world.answer("/language français", language="de")
    assert said.text.text.startswith("Ici, la langue est : Français.")
    assert [button.command for row in said.buttons for button in row] == [
        "language en",
        "language es",
        "language de",
        "language uk",
    ]
    assert (await world.say(f"/subscribe {PAGE}", language="de")).startswith("Ce chat suit déjà")


async def test_bare_it_says_which_it_is_to_everybody_and_only_admins_change_it(world: World) -> None:
    assert (await world.say("/language", is_admin=False)).startswith("The language here is English.")
    assert (await world.say("/language de", is_admin=False)).startswith("Only the admins")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("Deutsch", "de"),
        ("German", "de"),
        ("allemand", "de"),
        ("aleman", "de"),
        ("німецька", "de"),
        ("УКРАЇНСЬКА", "uk"),
        ("espanol", "es"),
    ],
)
def test_a_language_is_known_by_its_code_and_by_its_name_in_each_of_them(typed: str, code: str) -> None:
    assert find_language(typed) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("germna", "“germna” is no language that I speak. Did you mean Deutsch?"),
        (
            "klingon",
            "“klingon” is no language that I speak. There are English, Español, Français, Deutsch, Українська.",
        ),
    ],
)
def test_another_language_is_refused_with_a_suggestion(typed: str, said: str) -> None:
    with pytest.raises(CommandError) as refused:
        find_language(typed)
    assert str(refused.value) == said
