"""What is shipped: an application with everything it needs, under names that nobody else uses."""

from __future__ import annotations

import re
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import bot
from bot.languages import ENGLISH, LANGUAGES

ROOT = Path(__file__).parents[2]
OURS = {"bot", "adapters", "sandbox"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(built)


def test_the_wheel_holds_every_module_of_ours_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    there = {str(path.relative_to(ROOT)) for name in OURS for path in (ROOT / name).rglob("*.py")}
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name for name in shipped if name.endswith(".py")} == there
    assert {name.split("/")[0] for name in shipped} == OURS
    assert {f"{name}/py.typed" for name in OURS} <= shipped


def test_the_wheel_holds_the_migrations(wheel: zipfile.ZipFile) -> None:
    migrations = [name for name in wheel.namelist() if name.startswith("bot/store/migrations/versions/0")]
    assert len(migrations) == len(list((ROOT / "bot" / "store" / "migrations" / "versions").glob("0*.py"))) > 0
    assert "bot/store/migrations/env.py" in wheel.namelist()


def test_the_wheel_holds_the_catalogues_of_every_language_as_text(wheel: zipfile.ZipFile) -> None:
    shipped = {name for name in wheel.namelist() if name.startswith("bot/locale/")}
    assert shipped == {f"bot/locale/{each}/LC_MESSAGES/liverelay.po" for each in LANGUAGES if each != ENGLISH}


def test_the_wheel_names_the_program_its_version_and_its_license(wheel: zipfile.ZipFile) -> None:
    (metadata,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    (scripts,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert f"Version: {bot.__version__}\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    assert "liverelay = bot.cli:main" in scripts
    assert [name for name in wheel.namelist() if name.endswith("licenses/LICENSE")]


def test_nobody_uploads_it_by_accident(wheel: zipfile.ZipFile) -> None:
    (metadata,) = [wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    assert "Classifier: Private :: Do Not Upload\n" in metadata


def test_no_other_installed_distribution_has_our_top_level_names() -> None:
    taken = {
        (distribution.metadata["Name"], top)
        for distribution in distributions()
        for top in {file.parts[0].removesuffix(".py") for file in distribution.files or ()}
        if top in OURS and distribution.metadata["Name"] != "liverelay"
    }
    assert taken == set()


def test_the_locks_hold_every_dependency_that_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    locks = "\n".join(path.read_text() for path in ROOT.glob("requirements*.lock"))
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[[\w,-]+\])?==", locks))
    names = [re.findall(r"^[\w.-]+", requirement)[0] for requirement in named]
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in names} <= locked
