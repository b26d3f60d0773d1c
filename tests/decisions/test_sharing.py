"""Whose pages are looked at at the same time: no host, and no slow ones, hold all places."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sharing import AT_ONCE, PER_HOST, SLOW, SLOW_AT_ONCE, Sharing

NOW = datetime(2023, 2, 14, 9, tzinfo=UTC)
LONG = timedelta(seconds=20)


def begun(sharing: Sharing, urls: list[str], now: datetime = NOW) -> list[str]:
    """Begin as many of these as there are places for."""
    choice = sharing.choice(now)
    chosen = [url for url in urls if choice.lets_in(url)]
    for url in chosen:
        sharing.begin(url)
    return chosen


def pages(host: str, count: int) -> list[str]:
    return [f"https://{host}/live/{number}" for number in range(count)]


def hosts(count: int) -> list[str]:
    return [f"https://h{number}.example/live" for number in range(count)]


def test_pages_of_one_host_leave_places_for_those_of_others() -> None:
    sharing = Sharing()
    assert len(begun(sharing, pages("slow.example", 40))) == PER_HOST
    assert begun(sharing, [*pages("slow.example", 40), "https://quick.example/"]) == ["https://quick.example/"]


def test_pages_of_one_host_get_their_places_back_one_by_one() -> None:
    sharing = Sharing()
    first, *_ = begun(sharing, pages("one.example", 40))
    sharing.end(first, timedelta(seconds=1), NOW)
    assert len(begun(sharing, pages("one.example", 40))) == 1


def test_no_more_than_all_places_are_given() -> None:
    sharing = Sharing()
    assert len(begun(sharing, hosts(40))) == AT_ONCE
    assert sharing.room == 0


def test_hosts_that_are_slow_together_leave_places_for_the_others() -> None:
    sharing = Sharing()
    slow = hosts(AT_ONCE)
    for url in begun(sharing, slow):
        sharing.end(url, LONG, NOW)
    assert len(begun(sharing, slow)) == SLOW_AT_ONCE
    assert begun(sharing, ["https://quick.example/"]) == ["https://quick.example/"]


def test_a_host_is_slow_for_longer_each_time_and_for_an_hour_at_most() -> None:
    sharing, now, held = Sharing(), NOW, []
    slow = hosts(SLOW_AT_ONCE + 1)
    for _ in range(9):
        for url in slow:
            sharing.begin(url)
            sharing.end(url, LONG, now)
        until = now
        while sum(map(sharing.choice(until).lets_in, slow)) == SLOW_AT_ONCE:
            until += timedelta(seconds=30)
        held.append(until - now)
        now = until
    minutes = [each.total_seconds() / 60 for each in held]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_host_that_was_slow_a_day_ago_is_like_any_other() -> None:
    sharing, later = Sharing(), NOW + timedelta(days=1, hours=2)
    url = "https://slow.example/"
    for _ in range(5):
        sharing.begin(url)
        sharing.end(url, LONG, NOW)
    sharing.begin("https://another.example/")
    sharing.end("https://another.example/", LONG, later)
    sharing.begin(url)
    sharing.end(url, SLOW, later)
    slow = [url, "https://another.example/", *pages("slow.example", 9)]
    assert all(map(sharing.choice(later + timedelta(minutes=1)).lets_in, slow[:2]))


def test_a_host_that_answers_soon_is_never_slow() -> None:
    sharing = Sharing()
    for url in hosts(AT_ONCE):
        sharing.begin(url)
        sharing.end(url, SLOW - timedelta(milliseconds=1), NOW)
    assert len(begun(sharing, hosts(40))) == AT_ONCE
