"""What is said comes in the language being spoken, and is English where nothing else was asked for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.compose_digest import compose_digest
from bot.languages import LANGUAGES, _, both, either, ngettext, retold, speaking, spoken, understood
from bot.model import Entry, SourceTitle, Style
from bot.notes import goes_on, outage, told
from bot.richtext import RichText
from bot.wording import time_text

SUMMER = datetime(2023, 7, 14, 8, 5, tzinfo=UTC)
WINTER = datetime(2023, 2, 14, 9, 15, tzinfo=UTC)


def updates(count: int) -> str:
    return ngettext("{count} update", "{count} updates", count).format(count=count)


def test_what_is_not_asked_for_in_another_language_is_english() -> None:
    assert (spoken(), _("This update was withdrawn"), updates(1), updates(2)) == (
        "en",
        "This update was withdrawn",
        "1 update",
        "2 updates",
    )


@pytest.mark.parametrize(("locale", "language"), [("de-AT", "de"), ("uk_UA", "uk"), ("es-419", "es"), ("EN-us", "en")])
def test_a_locale_of_a_platform_leads_to_its_language(locale: str, language: str) -> None:
    assert understood(locale) == language


@pytest.mark.parametrize("locale", ["", "pt-BR", "eng", "zh-hans"])
def test_a_locale_that_is_not_spoken_leads_nowhere(locale: str) -> None:
    assert understood(locale) == ""
    with speaking(locale):
        assert spoken() == "en"


@pytest.mark.parametrize(
    ("count", "ukrainian"),
    [
        (0, "0 оновлень"),
        (1, "1 оновлення"),
        (3, "3 оновлення"),
        (5, "5 оновлень"),
        (12, "12 оновлень"),
        (21, "21 оновлення"),
        (113, "113 оновлень"),
    ],
)
def test_ukrainian_plurals_are_right(count: int, ukrainian: str) -> None:
    with speaking("uk"):
        assert updates(count) == ukrainian


def test_no_update_is_singular_in_french_and_plural_in_spanish() -> None:
    with speaking("fr"):
        assert updates(0) == "0 publication"
    with speaking("es"):
        assert updates(0) == "0 actualizaciones"


async def test_two_who_speak_at_the_same_time_do_not_hear_each_other() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def speak(language: str) -> str:
        with speaking(language):
            began.set()
            await may_end.wait()
            return _("This update was withdrawn")

    german = asyncio.create_task(speak("de"))
    await began.wait()
    spanish = asyncio.create_task(speak("es"))
    may_end.set()
    assert (await german, await spanish, _("This update was withdrawn")) == (
        "Diese Meldung wurde zurückgezogen",
        "Esta actualización ha sido retirada",
        "This update was withdrawn",
    )


@pytest.mark.parametrize(
    ("language", "winter", "summer"),
    [
        ("en", "10:15 CET, 14 Feb 2023", "10:05 CEST, 14 Jul 2023"),
        ("es", "14 feb 2023, 10:15 CET", "14 jul 2023, 10:05 CEST"),
        ("fr", "14 févr. 2023 à 10:15 CET", "14 juil. 2023 à 10:05 CEST"),
        ("de", "14. Feb. 2023, 10:15 MEZ", "14. Juli 2023, 10:05 MESZ"),
        ("uk", "14 лют. 2023\u202fр., 10:15 CET", "14 лип. 2023\u202fр., 10:05 CEST"),
    ],
)
def test_a_moment_is_written_as_the_language_writes_it(language: str, winter: str, summer: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    with speaking(language):
        assert (time_text(WINTER, zone), time_text(SUMMER, zone)) == (winter, summer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chat_in_kathmandu_is_told_by_how_much_its_clock_differs(language: str) -> None:
    with speaking(language):
        assert "UTC+5:45" in time_text(WINTER, ZoneInfo("Asia/Kathmandu"))
        assert "15:00" in time_text(WINTER, ZoneInfo("Asia/Kathmandu"))


def test_alternatives_are_joined_by_the_languages_own_word() -> None:
    assert (either(["a", "b", "c"]), both(["a", "b"])) == ("a or b or c", "a and b")
    with speaking("uk"):
        assert (either(["a", "b", "c"]), both(["a", "b"])) == ("a або b або c", "a і b")


def test_a_note_is_stored_in_english_and_told_in_the_language_of_the_chat() -> None:
    note = outage(SUMMER, over=False)
    with speaking("de"):
        assert told(note)[0] == "Diese Seite ist zurzeit nicht lesbar"
        onward = told(goes_on("https://harbour.example/live/storm-2", SUMMER))[1]
    assert onward.text == "Die Seite ist geschlossen und geht auf https://harbour.example/live/storm-2 weiter."
    assert [onward.text[span.start : span.end] for span in onward.spans] == ["https://harbour.example/live/storm-2"]


@pytest.mark.parametrize(
    ("stored", "retelling"),
    [
        (
            "news.example has no such page (it answered 404).",
            "news.example hat diese Seite nicht (Antwort 404).",
        ),
        (
            "This page embeds a live blog (Arena), but: arena.example did not answer within 10 seconds.",
            "Diese Seite bettet einen Live-Blog ein (Arena), aber: arena.example antwortete nicht innerhalb von 10 "
            "Sekunden.",
        ),
        ("the bot was removed from the chat", "der Bot wurde aus dem Chat entfernt"),
    ],
)
def test_what_was_stored_in_english_is_told_in_the_language_of_the_chat(stored: str, retelling: str) -> None:
    assert retold(stored) == stored
    with speaking("de"):
        assert retold(stored) == retelling


def test_what_was_stored_by_nobody_of_ours_is_told_as_it_is() -> None:
    with speaking("de"):
        assert retold("Bad Request: whatever") == "Bad Request: whatever"


def test_a_digest_is_in_the_language_of_the_chat_from_its_head_to_its_foot() -> None:
    entries = [Entry(str(number), "entry", f"Wave {number}", published_at=SUMMER) for number in range(22)]
    source = SourceTitle("Harbour News", "Storm live", "https://harbour.example/live/storm")
    with speaking("uk"):
        digest = compose_digest(entries, source=source, style=Style(), zone=ZoneInfo("Asia/Kathmandu"), withdrawn=2)
    assert digest.headline == "Поки вас не було: 22 оновлення"
    assert digest.body.text.endswith("… і ще 2 давніші оновлення")
    assert [line.text for line in digest.footnotes] == [
        "Час: UTC+5:45, 14 лип. 2023\u202fр.",
        "2 оновлення відтоді відкликано.",
    ]


def test_a_digest_of_the_night_in_which_the_clock_changes_names_both_times() -> None:
    night = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    entries = [Entry(str(hour), "entry", "Wave", published_at=night + timedelta(hours=hour)) for hour in range(2)]
    source = SourceTitle("Harbour News", "Storm live", "https://harbour.example/live/storm")
    digest = compose_digest(entries, source=source, style=Style(), zone=ZoneInfo("Europe/Berlin"))
    assert digest.body.text == "• 03:50 Wave\n• 01:50 Wave"
    assert [line.text for line in digest.footnotes] == ["Times are CET until the clock changed, then CEST."]


def test_rich_text_is_filled_in_wherever_a_language_puts_it() -> None:
    page = RichText("Storm").marked("bold")
    filled = RichText.filled("{{x}} {time}: {page}!", page=page, time="9:15")
    assert (filled.text, [filled.text[span.start : span.end] for span in filled.spans]) == (
        "{x} 9:15: Storm!",
        ["Storm"],
    )
