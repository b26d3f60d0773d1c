"""The command line, to the letter: what is printed, the exit codes, one sentence on stderr and never a traceback."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.cli import main
from bot.configured import warnings_told
from bot.settings import load

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "data" / "pages"
NAMES = sorted(path.name.removesuffix(".json") for path in PAGES.glob("*.json"))
PRESENT = str(PAGES / "present.html")
TOKEN = "123456789:AAHf3k9Zq_w7Lr2TnXcVbYpQ0sDgEjMuIoA"

TEXT = """
  1. The ferry has dockedpublished at 10:15

    All are ashore.

  2. The ferry is latepublished at 10:05

    Fog, they say.
"""


@pytest.fixture(autouse=True)
def _nobodys_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with no setting in the environment."""
    for name in os.environ:
        if name.startswith("LIVERELAY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what stands on stderr, which must be one sentence on one line, with nothing on stdout."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.rstrip().endswith((".", "?"))
    assert "Traceback" not in err
    return err


# ── the words ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_commands_are_those_that_others_build_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in ("run", "demo", "read", "preview", "sandbox", "check"):
        assert re.search(rf"\b{command}\b", shown)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("run", ["--config"]),
        ("read", ["--url", "--at", "--json"]),
        ("preview", ["--url", "--at", "--platform"]),
        ("sandbox", ["--port"]),
        ("check", ["--config"]),
    ],
)
def test_every_option_is_explained(command: str, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert [option for option in options if option not in shown] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == bot.__version__


@pytest.mark.parametrize("command", [[sys.executable, "-m", "bot"], [str(Path(sys.executable).with_name("liverelay"))]])
def test_both_names_of_the_program_run_it_and_pass_its_exit_code_on(command: list[str], tmp_path: Path) -> None:
    ran = subprocess.run([*command, "read", "missing.html"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "missing.html cannot be read: no such file or directory.\n"


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_read_json_says_what_the_page_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    beside = json.loads((PAGES / f"{name}.json").read_text())
    assert main(["read", str(PAGES / name), "--url", beside["url"], "--at", beside["at"], "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    told, expected = json.loads(out), beside["told"]
    for field in ("title", "url", "status"):
        assert told[field] == expected[field]
    assert told["summary"] == [_text(point) for point in expected["summary"]]
    assert len(told["entries"]) == len(expected["entries"])
    for entry, wanted in zip(told["entries"], expected["entries"], strict=True):
        assert entry == {
            "key": wanted["key"],
            "kind": "entry",
            "headline": wanted["headline"],
            "text": _text(wanted["text"]),
            "published_at": wanted["published_at"],
            "updated_at": wanted["updated_at"],
            "url": wanted["url"] or expected["url"] or None,
            "author": ", ".join(author for author, _role in wanted["authors"]) or None,
            "images": [
                dict(zip(("url", "alt", "caption", "credit"), (said or None for said in image), strict=True))
                for image in wanted["images"]
            ],
            "flags": wanted["flags"],
        }


def test_read_json_of_a_text_without_title_and_address_has_nulls_and_empty_lists(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(TEXT)
    assert main(["read", str(page), "--at", "2026-02-14T12:00:00+00:00", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["title"], told["url"], told["status"], told["summary"]) == (None, None, "unknown", [])
    assert [entry["headline"] for entry in told["entries"]] == ["The ferry has docked", "The ferry is late"]
    assert told["entries"][0]["images"] == told["entries"][0]["flags"] == []
    assert told["entries"][0]["author"] is None
    assert told["entries"][0]["published_at"] == "2026-02-14T10:15:00+00:00"


@pytest.mark.samples
@pytest.mark.parametrize(
    ("page", "counted"),
    [
        ("bbc/text/live-2023-02-14-nato-ukraine.txt", {"entries": 12, "summary": 5, "breaking": 0, "images": 7}),
        (
            "bbc/bbc-live-2020-05-12-lx-stream-world-52627824.html",
            {"entries": 20, "summary": 8, "breaking": 2, "images": 10},
        ),
    ],
    ids=["text", "lx"],
)
def test_read_json_finds_everything_on_real_pages(
    page: str, counted: dict[str, int], samples_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(samples_dir / page), "--at", "2023-02-14T12:00:00+00:00", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert counted == {
        "entries": len(told["entries"]),
        "summary": len(told["summary"]),
        "breaking": sum("breaking" in entry["flags"] for entry in told["entries"]),
        "images": sum(len(entry["images"]) for entry in told["entries"]),
    }


def test_read_takes_the_address_of_a_page(
    site: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVERELAY_FETCH__ALLOW_PRIVATE", "true")
    assert main(["read", f"{site}/present-ended.html", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "ended"
    assert main(["read", f"{site}/missing.html", "--json"]) == 1
    assert "404" in _complaint(capsys)
    assert main(["read", f"{site}/present.html.json", "--json"]) == 2
    assert "not a live page" in _complaint(capsys)


def test_read_explains_where_a_page_could_be_read_and_keeps_json_one_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    guardian = ["read", str(PAGES / "guardian-page.html"), "--url", "https://www.theguardian.com/world/live/race"]
    assert main([*guardian, "--explain"]) == 0
    shown = capsys.readouterr().out
    assert "→ guardian  https://www.theguardian.com/world/live/race\n" in shown
    assert "the Guardian's own data  https://www.theguardian.com/world/live/race.json?dcr=true\n" in shown
    assert main([*guardian, "--explain", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["entries"]
    assert "→ guardian" in err


def test_read_for_people_names_every_entry(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", PRESENT]) == 0
    shown = capsys.readouterr().out
    for entry in json.loads((PAGES / "present.html.json").read_text())["told"]["entries"]:
        assert (entry["headline"] or "(no headline)") in shown


def test_when_a_page_was_fetched_may_be_said_without_a_zone(capsys: pytest.CaptureFixture[str]) -> None:
    for at in ("2023-02-14T12:00:00", "2023-02-14T12:00:00Z", "2023-02-14"):
        assert main(["read", PRESENT, "--at", at]) == 0
    assert capsys.readouterr().err == ""


# ── preview ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("platform", ["terminal", "telegram", "discord"])
def test_preview_shows_the_messages_oldest_first(platform: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(PAGES / "present-ended.html"), "--platform", platform]) == 0
    shown = capsys.readouterr().out
    entries = json.loads((PAGES / "present-ended.html.json").read_text())["told"]["entries"]
    for entry in entries:
        first_words = " ".join(_text(entry["text"]).split(". ")[0].split())
        assert first_words in " ".join(shown.replace("│", " ").split()), "nothing is cut at the edge of the frame"
    places = [shown.index(entry["headline"]) for entry in reversed(entries) if entry["headline"]]
    assert places == sorted(places)
    assert places


@pytest.mark.parametrize(
    "how",
    [["read"], ["read", "--json"], *(["preview", "--platform", each] for each in ("terminal", "telegram", "discord"))],
    ids=" ".join,
)
def test_what_a_page_says_cannot_drive_the_terminal(
    how: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    nasty = "The \x1b]0;owned\x07ferry\x9b2J has\x7f docked"
    page.write_text(TEXT.replace("The ferry has docked", nasty).replace("ashore", "\x1b[31mashore\x1b[0m\x08"))
    assert main([how[0], str(page), *how[1:]]) == 0
    shown = capsys.readouterr().out
    assert "ashore" in shown
    assert [sign for sign in shown if unicodedata.category(sign) == "Cc" and sign != "\n"] == []


# ── check ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_says_what_run_would_do_and_what_is_missing_and_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    for word in ("telegram.token", "discord.token", "fetch.contact", "liverelay.db", "terminal"):
        assert word in shown
    assert list(tmp_path.iterdir()) == []


def test_check_never_prints_a_secret(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LIVERELAY_TELEGRAM__TOKEN", TOKEN)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden@host/name")
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    assert "would connect to https://api.telegram.org" in shown
    assert TOKEN not in shown
    assert "hidden" not in shown


def test_check_warns_of_what_opens_the_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVERELAY_ACCESS__OPEN", "true")
    monkeypatch.setenv("LIVERELAY_FETCH__ALLOW_PRIVATE", "true")
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    assert "open to everybody" in shown
    assert "fetch.allow_private" in shown


def test_the_settings_file_is_the_named_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = tmp_path / "mine.toml"
    named.write_text("[poll]\nmin_interval = 42\n")
    assert main(["check", "--config", str(named)]) == 0
    shown = capsys.readouterr().out
    assert "every 42 to 900 s" in shown
    assert str(named) in shown


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "frobnicate"),
        (["read"], "PAGE"),
        (["read", "missing.html"], "missing.html cannot be read"),
        (["read", "."], "cannot be read"),
        (["read", PRESENT, "--at", "yesterday"], "yesterday is not a time"),
        (["read", PRESENT, "--colour"], "--colour"),
        (["read", f"{PRESENT}.json"], "not a live page"),
        (["preview", PRESENT, "--platform", "pigeon"], "pigeon"),
        (["sandbox", "--port", "many"], "--port"),
        (["check", "--config", "missing.toml"], "missing.toml is not there"),
        (["run", "--config", "missing.toml"], "missing.toml is not there"),
    ],
)
def test_wrong_arguments_missing_files_and_unreadable_pages_are_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert said in _complaint(capsys)


@pytest.mark.parametrize(
    "body", [b"", b"\x00\x01\x02", b"<html><body><p>No live page", b"\xff\xfe\x00", b"<" * 100_000]
)
def test_a_file_that_is_no_live_page_is_2(body: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_bytes(body)
    assert main(["read", "page.html", "--json"]) == 2
    _complaint(capsys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read", "http://127.0.0.1:1/live"], "127.0.0.1"),
        (["preview", "http://10.0.0.1/live"], "10.0.0.1"),
        (["read", "http://[::1/live"], ""),
    ],
)
def test_a_page_that_is_not_to_be_had_is_1(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert said in _complaint(capsys)


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_wrong_setting_is_1_and_names_the_nearest(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVERELAY_TELEGRAM__TOKKEN", TOKEN)
    assert main([command]) == 1
    said = _complaint(capsys)
    assert "Did you mean LIVERELAY_TELEGRAM__TOKEN?" in said
    assert TOKEN not in said


def test_a_renamed_setting_is_a_warning_of_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "liverelay.toml").write_text("[poll]\nshortest = 20\n")
    with warnings_told():
        load(tmp_path / "liverelay.toml", {}, {"poll.shortest": "poll.min_interval"})
    assert capsys.readouterr() == ("", "Warning: poll.shortest is called poll.min_interval now.\n")


@pytest.mark.parametrize("database", ["folder", "text", "text/below.db"])
def test_a_database_that_cannot_be_used_is_1(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("This is no database at all. " * 100)
    monkeypatch.setenv("LIVERELAY_DATABASE__URL", f"sqlite:///{tmp_path / database}")
    assert main(["run"]) == 1
    assert str(tmp_path / database) in _complaint(capsys)


def test_a_database_that_does_not_answer_is_1_and_its_password_is_not_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("asyncpg")
    monkeypatch.setenv("DATABASE_URL", "postgres://me:hidden@127.0.0.1:1/name?sslmode=disable")
    assert main(["run"]) == 1
    said = _complaint(capsys)
    assert "cannot be reached" in said
    assert "hidden" not in said


def test_a_port_that_is_taken_is_1(capsys: pytest.CaptureFixture[str], taken_port: int) -> None:
    assert main(["sandbox", "--port", str(taken_port)]) == 1
    assert str(taken_port) in _complaint(capsys)


def test_whoever_reads_the_output_may_stop_reading() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m bot read {PRESENT} --json | head -c 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"{", b"")


@pytest.fixture
def site() -> Iterator[str]:
    """Our own pages, served on loopback."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PAGES))) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _text(told: Any) -> str:
    return told if isinstance(told, str) else str(told[0])
