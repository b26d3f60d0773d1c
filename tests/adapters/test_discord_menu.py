"""The slash commands: how Discord is told of them, and when it needs to be told again."""

from __future__ import annotations

from typing import Any

from adapters.discord import menu
from bot.commands import SPECS
from bot.ports import CommandSpec, Option
from sandbox.discord.check_commands import problems

SUBSCRIBE = CommandSpec(
    "subscribe",
    "Mirror a live page into this channel",
    (Option("filter", "Only what says this"), Option("url", "The page", required=True)),
    changes=True,
)
LIST = CommandSpec("list", "What this channel follows")


def as_registered(payload: dict[str, Any]) -> dict[str, Any]:
    """What Discord makes of a command: ids and versions of its own, what is false left out."""
    options = [{key: value for key, value in option.items() if value} for option in payload["options"]]
    added = {"id": "1", "application_id": "2", "version": "3", "nsfw": False, "dm_permission": True}
    return payload | added | ({"options": options} if options else {"options": None})


def test_only_those_who_manage_the_server_may_change_something() -> None:
    assert menu.payload(SUBSCRIBE)["default_member_permissions"] == "32"
    assert menu.payload(LIST)["default_member_permissions"] is None


def test_an_option_of_few_words_offers_these_and_a_new_one_is_sent() -> None:
    asked = [
        CommandSpec("resume", "Go on", (Option("missed", "How", choices=choices),)) for choices in (("a",), ("a", "b"))
    ]
    old, new = map(menu.payload, asked)
    assert [(one["name"], one["value"]) for one in new["options"][0]["choices"]] == [("a", "a"), ("b", "b")]
    assert menu.same([as_registered(new)], [new])
    assert not menu.same([as_registered(old)], [new])


def test_typed_options_are_drawn_as_discord_types_them_with_their_bounds() -> None:
    options = (
        Option("count", "How many", kind="integer", least=1, most=10),
        Option("words", "Which", most=500),
        Option("loud", "Ring", kind="boolean"),
        Option("channel", "Where", kind="channel"),
        Option("role", "Whom", kind="role"),
    )
    count, words, loud, channel, role = menu.payload(CommandSpec("x", "X", options))["options"]
    assert (count["type"], count["min_value"], count["max_value"]) == (4, 1, 10)
    assert (words["type"], words["max_length"], "min_length" in words) == (3, 500, False)
    assert (loud["type"], role["type"]) == (5, 8)
    assert (channel["type"], channel["channel_types"]) == (7, [0, 5, 10, 11, 12, 15])


def test_what_is_required_goes_first_as_discord_demands() -> None:
    assert [option["name"] for option in menu.payload(SUBSCRIBE)["options"]] == ["url", "filter"]


def test_commands_work_in_servers_and_in_private_but_are_not_installed_by_persons() -> None:
    assert (menu.payload(LIST)["contexts"], menu.payload(LIST)["integration_types"]) == ([0, 1], [0])


def test_commands_that_discord_knows_are_not_sent_again() -> None:
    wanted = [menu.payload(SUBSCRIBE), menu.payload(LIST)]
    assert menu.same([as_registered(payload) for payload in reversed(wanted)], wanted)


def test_any_difference_that_a_person_would_notice_is_sent() -> None:
    wanted = [menu.payload(SUBSCRIBE), menu.payload(LIST)]
    known = [as_registered(payload) for payload in wanted]
    changes: list[dict[str, Any]] = [
        {"description": "Other"},
        {"default_member_permissions": "8"},
        {"options": []},
        {"contexts": [0]},
        {"options": [option | {"max_length": 9} for option in known[0]["options"]]},
    ]
    for change in changes:
        assert not menu.same([known[0] | change, known[1]], wanted)
    assert not menu.same(known[:1], wanted)
    assert not menu.same([*known, known[1] | {"name": "gone"}], wanted)


def test_commands_options_and_choices_have_names_in_the_languages_of_discords_clients() -> None:
    (resume,) = (menu.payload(spec) for spec in SPECS if spec.name == "resume")
    assert resume["name_localizations"].keys() == {"es-ES", "es-419", "fr", "de", "uk"}
    missed = next(option for option in resume["options"] if option["name"] == "missed")
    assert missed["choices"][0]["name_localizations"]["de"] == "Zusammenfassung"
    assert missed["choices"][0]["value"] == "digest"


def test_all_that_is_registered_keeps_to_discords_limits_in_every_language() -> None:
    assert list(problems([menu.payload(spec) for spec in SPECS if spec.is_on("discord")])) == []


def test_a_translation_that_changes_is_sent() -> None:
    wanted = [menu.payload(spec) for spec in SPECS]
    other = {**wanted[2], "name_localizations": {"de": "anders"}}
    assert menu.same([as_registered(one) for one in wanted], wanted)
    assert not menu.same([as_registered(one) for one in wanted], [*wanted[:2], other, *wanted[3:]])
