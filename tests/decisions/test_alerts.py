"""What the operator is told of: which troubles there are, and when many are told as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.alerts import SLOW_LOOKS, Disk, Failing, Signs, Stuck, begun, ended, troubles

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _failing(count: int, first: int = 0) -> list[Failing]:
    return [
        Failing(f"https://news.example/{number}", f"Page {number}", "It answered 503.", NOON)
        for number in range(first, first + count)
    ]


def _keys(signs: Signs, *active: str) -> list[str]:
    return [each.key for each in troubles(signs, active)]


def test_where_nothing_is_wrong_nothing_is_told() -> None:
    assert troubles(Signs(disk=Disk(600, 500)), ()) == []


def test_a_few_pages_that_fail_are_told_one_by_one_and_say_what_and_why() -> None:
    signs = Signs(failing=_failing(3), all_failing=3)
    assert _keys(signs) == [f"source:https://news.example/{number}" for number in range(3)]
    first = troubles(signs, ())[0]
    assert first.headline == "A page cannot be read: Page 0"
    assert first.body.startswith("It answered 503. ")
    assert first.url == "https://news.example/0"


def test_an_outage_of_everything_is_one_message() -> None:
    assert _keys(Signs(failing=_failing(20), all_failing=340)) == ["sources"]
    assert "340 pages fail at once" in troubles(Signs(failing=_failing(20), all_failing=340), ())[0].body


def test_what_was_told_one_by_one_before_an_outage_stays_so() -> None:
    told = "source:https://news.example/0"
    assert _keys(Signs(failing=_failing(20), all_failing=40), told) == [told, "sources"]


def test_as_an_outage_ends_the_last_pages_stay_told_together() -> None:
    assert _keys(Signs(failing=_failing(2), all_failing=2), "sources") == ["sources"]
    assert _keys(Signs(), "sources") == []


def test_a_disk_that_fills_is_over_only_once_there_is_more_room_than_was_wanted() -> None:
    assert _keys(Signs(disk=Disk(499, 500))) == ["disk"]
    assert _keys(Signs(disk=Disk(600, 500)), "disk") == ["disk"]
    assert _keys(Signs(disk=Disk(600, 500))) == []
    assert _keys(Signs(disk=Disk(750, 500)), "disk") == []


def test_how_full_the_disk_is_to_the_byte_makes_no_new_words() -> None:
    first, second = (troubles(Signs(disk=Disk(free, 500_000_000)), ()) for free in (400_000_000, 399_000_000))
    assert first == second


def test_a_database_is_slow_after_several_slow_looks_and_until_one_that_is_not() -> None:
    assert _keys(Signs(slow=SLOW_LOOKS - 1)) == []
    assert _keys(Signs(slow=SLOW_LOOKS)) == ["database"]
    assert _keys(Signs(slow=0), "database") == []


def test_each_platform_that_is_stuck_or_rejects_its_bot_is_a_trouble_of_its_own() -> None:
    stuck = [Stuck("telegram", 2, 14, NOON), Stuck("discord", 1, 1, NOON)]
    signs = Signs(stuck=stuck, rejected=[("discord", "Discord does not accept the token.")], dead=3)
    assert _keys(signs) == ["sender:telegram", "sender:discord", "token:discord", "dead"]
    telegram, _, token, dead = troubles(signs, ())
    assert "14 have waited in 2 chats since 12:00 UTC" in telegram.body
    assert token.body.startswith("Discord does not accept the token. ")
    assert "Dead letters: 3." in dead.body


def test_a_trouble_is_told_under_one_key_and_its_end_under_that_and_another() -> None:
    (trouble,) = troubles(Signs(dead=1), ())
    first = begun(trouble, NOON)
    edited, anew = ended(trouble, NOON, NOON + timedelta(hours=26))
    assert first.key == edited.key != anew.key
    assert edited.headline == anew.headline == "No delivery is given up any more"
    assert anew.body.text == "It lasted from 2026-11-23 12:00 to 14:00 UTC."
