"""Docs that name commands, settings, states, tables, tests or targets name those that exist."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import get_args
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from cyclopts import App
from prometheus_client import CollectorRegistry
from sqlalchemy import CheckConstraint

from adapters.discord.api import NOT_LET_IN
from adapters.discord.gateway import _FATAL
from adapters.telegram.api import BAD_WEBHOOK, LOGGED_OUT, NO_ENTRY, NO_SUCH_BOT
from bot import cli
from bot.commands import SPECS
from bot.metrics import Metrics
from bot.planner import Act
from bot.ports import Outcome
from bot.settings import Settings, keys
from bot.store.engine import _SENTENCES
from bot.store.schema import STATES, delivery, metadata
from scripts.draw_chat import TARGET, draw

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _headings(page: str) -> list[str]:
    return [line.removeprefix("## ") for line in _text(DOCS / page).splitlines() if line.startswith("## ")]


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_has_a_heading_and_every_heading_a_setting() -> None:
    assert _headings("settings.md") == list(keys())


def test_the_documented_defaults_are_the_defaults() -> None:
    sections = re.split(r"(?m)^## ", _text(DOCS / "settings.md"))[1:]
    for section in sections:
        key, _, words = section.partition("\n")
        group, name = key.split(".")
        value = getattr(getattr(Settings(), group), name)
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        shown = (
            str(plain).lower() if isinstance(plain, bool) else f"{plain:g}" if isinstance(plain, float) else str(plain)
        )
        assert (shown if plain else {"": "empty", (): "none", False: "false"}[plain]) in words, key


def test_every_command_has_a_heading_and_every_heading_a_command() -> None:
    assert sorted(_headings("commands.md")) == sorted(f"/{spec.name}" for spec in SPECS)


def test_every_state_and_act_of_a_delivery_and_every_outcome_is_described() -> None:
    architecture = _text(DOCS / "architecture.md")
    for word in (*STATES, *get_args(Act)):
        assert f"`{word}`" in architecture, word
    for outcome in get_args(Outcome):
        assert f"`{outcome.__name__}" in _text(DOCS / "adding-a-platform.md")


def test_the_diagram_knows_every_state_and_no_other() -> None:
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", _text(DOCS / "architecture.md"), re.DOTALL)
    drawn = set(re.findall(r"(\w+) -->|--> (\w+)", diagram))
    assert {word for pair in drawn for word in pair if word} == set(STATES)


def test_the_acts_that_are_described_are_those_that_the_table_takes() -> None:
    checks = [each for each in delivery.constraints if isinstance(each, CheckConstraint)]
    (check,) = [str(each.sqltext) for each in checks if each.name == "ck_delivery_act"]
    assert set(re.findall(r"'(\w+)'", check)) == set(get_args(Act))


def test_every_table_is_described() -> None:
    rows = set(re.findall(r"(?m)^\| `(\w+)` \|", _text(DOCS / "architecture.md")))
    assert set(metadata.tables) <= rows


def test_every_rule_of_the_mirror_is_held_by_tests_that_exist() -> None:
    there = set(re.findall(r"def (test_\w+)", _text(ROOT / "tests" / "mirror" / "test_rules.py")))
    named = set(re.findall(r"`(test_\d+_\w+)`", _text(DOCS / "architecture.md")))
    assert named == {name for name in there if re.match(r"test_\d+_", name)}
    assert {int(name.split("_")[1]) for name in named} == set(range(1, 11))


@pytest.mark.parametrize(
    "sentence",
    sorted({*dict(_SENTENCES).values(), NOT_LET_IN, NO_ENTRY, NO_SUCH_BOT, LOGGED_OUT, BAD_WEBHOOK, *_FATAL.values()}),
    ids=lambda said: said[:30],
)
def test_every_sentence_that_an_operator_may_see_is_explained(sentence: str) -> None:
    assert sentence.rstrip(".") in _text(DOCS / "operating.md")


def test_every_outcome_of_the_program_is_explained() -> None:
    codes = set(re.findall(r"(?m)^\| (\d+) \|", _text(DOCS / "operating.md")))
    assert codes == {"0", "1", "2", "130"}


# ── commands that can be copied ──────────────────────────────────────────────────────────────────────────────────


def test_the_make_targets_that_are_named_exist_and_those_that_exist_are_named() -> None:
    makefile = _text(ROOT / "Makefile")
    there = set(re.findall(r"(?m)^([a-z]+):.*##", makefile)) - {"help"}
    contributing = set(re.findall(r"`make ([a-z]+)", _text(ROOT / "CONTRIBUTING.md")))
    readme = set(re.findall(r"(?m)^    make ([a-z]+)", _text(ROOT / "README.md")))
    assert contributing == there
    assert {"demo", "test"} <= readme <= there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_ours_that_is_named_exists(page: Path) -> None:
    for command in re.findall(r"(?<![\w/-])liverelay ([a-z]+)\b", _text(page)):
        assert isinstance(cli.app[command], App), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    words = re.sub(r"`[^`]*`", "", _text(page))
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", words):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_procfile_starts_the_program() -> None:
    lines = [line for line in _text(ROOT / "Procfile").splitlines() if line and not line.startswith("#")]
    assert lines == ["worker: exec python -m bot run"]
    command = shlex.split(lines[0].partition(": ")[2].removeprefix("exec "))
    helped = subprocess.run(
        [sys.executable, *command[1:], "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--config" in helped.stdout


def test_the_unit_runs_the_program_and_hands_over_tokens_under_names_that_are_read() -> None:
    unit = _text(DOCS / "deploy" / "liverelay.service")
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # keep systemd's capitals
    parsed.read_string(unit)
    assert parsed["Service"]["ExecStart"].endswith("/liverelay run")
    given = re.findall(r"(?m)^LoadCredential=(\w+):", unit)
    assert {name.replace("__", ".") for name in given} == {"telegram.token", "discord.token"}
    assert set(given) <= {key.replace(".", "__") for key in keys()}


def test_the_invitation_asks_for_the_rights_that_the_readme_lists_and_no_more() -> None:
    readme = _text(ROOT / "README.md")
    (link,) = re.findall(r"https://discord\.com/oauth2/authorize\S+", readme)
    query = parse_qs(urlsplit(link).query)
    assert query["scope"] == ["bot applications.commands"]
    rights = discord.Permissions(
        view_channel=True,
        send_messages=True,
        send_messages_in_threads=True,
        embed_links=True,
        read_message_history=True,
        pin_messages=True,
        create_public_threads=True,
    )
    assert int(query["permissions"][0]) == rights.value


def test_the_picture_shows_what_the_renderers_say_today() -> None:
    assert TARGET.read_text(encoding="utf-8") == draw(), "draw it again: .venv/bin/python scripts/draw_chat.py"


def test_every_metric_is_explained_and_no_other() -> None:
    registry = CollectorRegistry()
    Metrics(registry)
    ends = {"counter": "_total", "info": "_info"}
    families = [each for each in registry.collect() if each.name.startswith("liverelay_")]
    counted = {each.name + ends.get(each.type, "") for each in families}
    assert set(re.findall(r"`(liverelay_\w+)`", _text(DOCS / "operating.md"))) == counted
