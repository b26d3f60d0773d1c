"""Logs: never a secret, however it got there; one stream for our lines and the libraries'."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log

TELEGRAM = "123456789:AAHf3k9Zq_w7Lr2TnXcVbYpQ0sDgEjMuIoA"
DISCORD = "MTIzNDU2Nzg5.GabcDE.a-token_of-nobody"
PASSWORD = "pa55word"


class Terminal(io.StringIO):
    """A stream that says that a person looks at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Other tests' logging is theirs."""
    root = logging.getLogger()
    names = (*log._CHATTY, "apscheduler")
    handlers, level, levels = list(root.handlers), root.level, {name: logging.getLogger(name).level for name in names}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def _fail(words: str, _local: str = "") -> None:
    raise RuntimeError(words)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def _set_up(stream: io.StringIO, level: str = "info", style: str = "json") -> None:
    log.set_up(level, style, (TELEGRAM, DISCORD, PASSWORD), stream)


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_facts(stream: io.StringIO) -> None:
    _set_up(stream)
    structlog.get_logger("bot.poller").info("entry.edited", source="a", entries=3, whole=True)
    (line,) = _lines(stream)
    assert line["event"] == "entry.edited"
    assert (line["source"], line["entries"], line["whole"], line["level"]) == ("a", 3, True, "info")
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.attack("secrets")
@pytest.mark.parametrize("style", ["json", "text"])
@pytest.mark.parametrize("secret", [TELEGRAM, DISCORD, PASSWORD])
def test_no_secret_is_written_wherever_it_stands(stream: io.StringIO, style: str, secret: str) -> None:
    _set_up(stream, "debug", style)
    ours = structlog.get_logger("bot")
    ours.info(
        f"event {secret}",
        text=f"<{secret}>",
        listed=[secret],
        named={"deep": {"token": secret}},
        error=ValueError(secret),
    )
    ours.bind(bound=secret).warning("bound")
    logging.getLogger("library").warning("POST https://api.example/bot%s/getMe", secret)
    logging.getLogger("library").error("%(token)s", {"token": secret})
    try:
        _fail(secret)
    except RuntimeError as error:
        ours.exception("job.failed")
        logging.getLogger("library").exception("failed")
        ours.error("also.failed", exc_info=error)
    assert stream.getvalue().count("(hidden)") >= 9
    assert secret not in stream.getvalue()


def test_what_looks_like_a_token_is_hidden_although_nobody_named_it(stream: io.StringIO) -> None:
    log.set_up("info", "json", (), stream)
    interaction = "aW50ZXJhY3Rpb24" * 8
    structlog.get_logger("bot").info("x", telegram=f"/bot{TELEGRAM}/sendMessage", hook=f"/webhooks/1/{interaction}/x")
    assert TELEGRAM not in stream.getvalue()
    assert interaction not in stream.getvalue()


def test_a_traceback_is_told_and_does_not_show_the_values_in_it(stream: io.StringIO) -> None:
    _set_up(stream, style="text")
    local = "a value " * 2
    try:
        _fail("broken", local)
    except RuntimeError:
        structlog.get_logger("bot").exception("loop.died")
    assert "RuntimeError: broken" in stream.getvalue()
    assert "test_log.py" in stream.getvalue()
    assert local not in stream.getvalue()


def test_the_libraries_that_tell_every_call_are_silent_even_at_debug(stream: io.StringIO) -> None:
    _set_up(stream, "debug")
    for name in ("httpx", "telegram.ext", "discord.gateway", "aiosqlite", "alembic.runtime"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("matters")
    assert [line["event"] for line in _lines(stream)] == ["matters"] * 5


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    _set_up(stream, "warning")
    structlog.get_logger("bot").info("entry.new")
    logging.getLogger("library").info("chatter")
    structlog.get_logger("bot").warning("source.failed")
    assert [line["event"] for line in _lines(stream)] == ["source.failed"]


def test_a_person_reads_text_and_a_machine_json() -> None:
    for out, is_json in ((Terminal(), False), (io.StringIO(), True)):
        _set_up(out, style="auto")
        structlog.get_logger("bot").info("entry.new", source="a")
        assert out.getvalue().startswith("{") is is_json
        assert ("\x1b[" in out.getvalue()) is not is_json


def test_what_a_page_says_cannot_drive_the_terminal_that_shows_the_log() -> None:
    out = Terminal()
    _set_up(out, style="text")
    structlog.get_logger("bot").warning("source.failed", why="\x1b]0;owned\x07 it said\x9b2J\nfake.event")
    logging.getLogger("library").warning("it said \x1b]0;owned\x07")
    assert "\x1b]" not in out.getvalue()
    assert "\x07" not in out.getvalue()
    assert "\x9b" not in out.getvalue()
    assert len(out.getvalue().splitlines()) == 2


def test_setting_it_up_twice_writes_every_line_once(stream: io.StringIO) -> None:
    _set_up(stream)
    _set_up(stream)
    structlog.get_logger("bot").info("once")
    assert len(_lines(stream)) == 1
