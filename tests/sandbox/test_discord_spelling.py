"""How what a person types becomes a slash command's typed options, and which of them Discord takes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.discord.spelling import Speller
from sandbox.server import Sandbox

from .conftest import Api, Control, Relay
from .test_discord_commands import Wire, command, given, option, wire

__all__ = ["wire"]

TEXT, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = 3, 4, 5, 6, 7, 8
FILTER = command("filter", options=[option("which"), option("words"), option("channel", type=CHANNEL)])


@pytest.fixture
def speller(sandbox: Sandbox, text: str) -> Speller:
    world = sandbox.discord.world
    return Speller(world, world.find(text).guild, world.person("ada"))


def spelt(speller: Speller, line: str, told: dict[str, Any] = FILTER) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in speller.spell(told, line).options}


def test_words_without_a_name_keep_to_their_places(speller: Speller) -> None:
    assert spelt(speller, "2 kyiv -sport  author:smith") == {"which": "2", "words": "kyiv -sport  author:smith"}


def test_a_named_option_takes_all_until_the_next_name(speller: Speller) -> None:
    assert spelt(speller, "words:kyiv OR lviv which: 3") == {"which": "3", "words": "kyiv OR lviv"}
    assert spelt(speller, "2 words:kyiv -sport") == {"which": "2", "words": "kyiv -sport"}


@pytest.mark.parametrize("line", ["which:1 which:2", "which: words:x", "1 2 words:x channel:#nowhere"])
def test_what_names_an_option_wrongly_is_refused(speller: Speller, line: str) -> None:
    with pytest.raises(ValueError, match=r"twice|empty|no channel"):
        spelt(speller, line)


def test_a_channel_is_picked_by_its_name_and_comes_with_what_the_person_may_there(
    speller: Speller, sandbox: Sandbox, text: str
) -> None:
    other, _ = sandbox.discord.create_chat("announcement", "Ferry news", [], ["all"], text)
    for typed in ("#ferry-news", f"<#{other}>", other):
        told = speller.spell(FILTER, f"kyiv channel:{typed}")
        assert [each["value"] for each in told.options] == ["kyiv", other]
        shown = told.resolved["channels"][other]
        assert (shown["name"], shown["type"], int(shown["permissions"]) & 32) == ("ferry-news", 5, 32)


def test_a_channel_that_is_hidden_from_somebody_or_of_another_kind_cannot_be_picked(
    speller: Speller, sandbox: Sandbox, text: str
) -> None:
    sandbox.discord.create_chat("forum", "Boats", [], ["all"], text)
    only_text = command("x", options=[option("channel", type=CHANNEL, channel_types=[0])])
    with pytest.raises(ValueError, match="takes no channel like #boats"):
        spelt(speller, "channel:#boats", only_text)
    sandbox.discord.world.hide(sandbox.discord.world.find(text), ["ada"])
    with pytest.raises(ValueError, match="sees no channel #harbour-watch"):
        spelt(speller, "channel:#harbour-watch")


def test_numbers_switches_roles_and_people_are_what_they_are(speller: Speller) -> None:
    typed = [("count", INTEGER), ("loud", BOOLEAN), ("role", ROLE), ("user", USER)]
    told = command("x", options=[option(name, type=kind) for name, kind in typed])
    options = spelt(speller, "count:7 loud:true role:@admins user:@bo", told)
    assert (options["count"], options["loud"]) == (7, True)
    assert options["role"] == str(speller.guild.admin_role)
    assert options["user"] == str(speller.world.person("bo").id)


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ({"type": INTEGER, "min_value": 1, "max_value": 10}, "11"),
        ({"type": INTEGER, "min_value": 1}, "0"),
        ({"type": INTEGER}, "many"),
        ({"type": BOOLEAN}, "perhaps"),
        ({"type": TEXT, "max_length": 3}, "four"),
        ({"type": TEXT, "min_length": 3}, "no"),
        ({"type": TEXT, "choices": [{"name": "One", "value": "1"}]}, "2"),
        ({"type": ROLE}, "@nobody"),
    ],
)
def test_what_does_not_fit_an_options_type_is_refused(speller: Speller, told: dict[str, Any], typed: str) -> None:
    with pytest.raises(ValueError, match=r"cannot be|wrong length|must be one of"):
        spelt(speller, f"what:{typed}", command("x", options=[option("what", **told)]))


async def test_the_bot_is_told_what_the_ids_stand_for(wire: Wire, text: str, api: Api) -> None:
    path = f"/applications/{wire.application}/commands"
    await api("PUT", path, [command(options=[option("channel", type=CHANNEL)])])
    async with given(wire, text, "/say channel:#harbour-watch") as (asked, _):
        assert asked["data"]["options"] == [{"name": "channel", "type": CHANNEL, "value": text}]
        assert asked["data"]["resolved"]["channels"][text]["name"] == "harbour-watch"


async def test_discord_py_reads_the_typed_options(sandbox: Sandbox, text: str, relay: Relay) -> None:
    assert await sandbox.discord.command(text, "", "ada", "/ping loud:true times:4") == ["5 True"]


async def test_a_channel_beside_another_stands_in_its_server(
    sandbox: Sandbox, text: str, relay: Relay, control: Control
) -> None:
    made = await control(
        "chats", platform="discord", kind="text", title="Two", beside=text, rights=["VIEW_CHANNEL", "SEND_MESSAGES"]
    )
    told = await relay.event_of("guild_channel_create")
    assert (str(told.id), told.guild) == (made["chat"], relay.place(text).guild)
    mine = told.permissions_for(told.guild.me)
    assert (mine.send_messages, mine.embed_links) == (True, False)
    assert relay.place(text).permissions_for(told.guild.me).embed_links


async def test_rights_can_be_changed_in_one_channel_only(
    sandbox: Sandbox, text: str, relay: Relay, control: Control
) -> None:
    two, _ = sandbox.discord.create_chat("text", "Two", [], ["all"], text)
    await control("faults", kind="rights", platform="discord", chat=two, rights=["VIEW_CHANNEL"], only_here=True)
    await relay.event_of("guild_channel_update")
    told = relay.place(two)
    assert not told.permissions_for(told.guild.me).send_messages
    assert relay.place(text).permissions_for(told.guild.me).send_messages


async def test_a_hidden_channel_says_so_in_its_overwrites(
    sandbox: Sandbox, text: str, api: Api, control: Control
) -> None:
    await control("faults", kind="hide", platform="discord", chat=text, users=["eve"])
    told = (await api("GET", f"/channels/{text}")).body["permission_overwrites"]
    eve = str(sandbox.discord.world.person("eve").id)
    assert [(one["id"], one["type"], one["deny"]) for one in told if one["type"] == 1] == [(eve, 1, str(1 << 10))]


LONG: dict[str, Any] = {"name_localizations": {"de": "sagen"}, "description_localizations": {"de": "Ein Befehl"}}


@pytest.mark.parametrize(
    "wrong",
    [
        command(name_localizations={"de": "Sagen"}),
        command(name_localizations={"xx": "sagen"}),
        command(name_localizations={"de": "x" * 33}),
        command(description_localizations={"de": "x" * 101}),
        command(options=[option("a", name_localizations={"de": "b c"})]),
        command(options=[option("a", name_localizations={"de": "x"}), option("b", name_localizations={"de": "x"})]),
        command(options=[option("a", type=99)]),
        command(options=[option("a", min_value=1)]),
        command(options=[option("a", type=INTEGER, min_length=1)]),
        command(options=[option("a", type=INTEGER, min_value=3, max_value=2)]),
        command(options=[option("a", type=BOOLEAN, autocomplete=True)]),
        command(options=[option("a", channel_types=[0])]),
        command(options=[option("a", autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
        command(options=[option("a", type=INTEGER, choices=[{"name": "a", "value": "a"}])]),
        command(options=[option("a", choices=[{"name": "", "value": "a"}])]),
        command(
            options=[
                option(
                    f"o{n}",
                    description_localizations={"de": "ü" * 100},
                    choices=[{"name": "n", "value": f"{v}" * 50} for v in range(8)],
                )
                for n in range(16)
            ]
        ),
    ],
)
async def test_options_and_languages_that_discord_would_not_take_are_refused(
    wire: Wire, api: Api, wrong: dict[str, Any]
) -> None:
    refused = await api("PUT", f"/applications/{wire.application}/commands", [wrong])
    assert (refused.status, refused.code) == (400, 50035)


async def test_two_commands_may_not_have_one_name_in_a_language(wire: Wire, api: Api) -> None:
    two = [command("say", **LONG), command("tell", **LONG)]
    refused = await api("PUT", f"/applications/{wire.application}/commands", two)
    assert (refused.status, refused.code) == (400, 50035)


async def test_languages_are_read_back_only_by_who_asks_for_them(wire: Wire, api: Api) -> None:
    path = f"/applications/{wire.application}/commands"
    assert (await api("PUT", path, [command(options=[option("a", **LONG)], **LONG)])).status == 200
    (plain,) = (await api("GET", path)).body
    (full,) = (await api("GET", f"{path}?with_localizations=true")).body
    assert "name_localizations" not in plain
    assert "name_localizations" not in plain["options"][0]
    assert full["name_localizations"] == full["options"][0]["name_localizations"] == {"de": "sagen"}


async def test_people_press_fill_forms_and_are_shown_suggestions_over_the_control_api(
    text: str, relay: Relay, control: Control
) -> None:
    where = {"platform": "discord", "chat": text, "user": "ada"}
    assert "sees nothing there" in (await control("press", label="Pause", **where))["error"]
    assert "no form is open" in (await control("submit", text="x", **where))["error"]
    assert "suggests nothing" in (await control("suggestions", text="/say wh", **where))["error"]
    told = await control("press", platform="telegram", chat="1", user="ada", label="Pause")
    assert told == {"error": "telegram has no such interactions here"}
