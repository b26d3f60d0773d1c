"""Reading the settings from their layers, and saying in a sentence what is wrong with them."""

from __future__ import annotations

import difflib
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from ..errors import SettingsError
from .sections import Settings

PREFIX = "LIVERELAY_"
# Variables of ours that are no settings: where things lie, for the program and for the tests.
OTHER_NAMES = frozenset({"CONFIG", "SECRETS_DIR", "SAMPLES", "SPECS", "TEST_POSTGRES", "REQUIRE"})
# Settings that have a new name: old → new. The old one still works, with a warning.
RENAMED: Mapping[str, str] = {}
PLACES = (Path("config/liverelay.toml"), Path("liverelay.toml"))


def keys() -> tuple[str, ...]:
    """Return the name of every setting, as "section.name"."""
    return tuple(f"{section}.{name}" for section in Settings.model_fields for name in _fields(section))


def find(environment: Mapping[str, str], folder: Path = Path()) -> Path | None:
    """Return the settings file where none was named: LIVERELAY_CONFIG, else in the usual places; None without one."""
    named = environment.get(PREFIX + "CONFIG")
    if named:
        return Path(named)
    return next((folder / place for place in PLACES if (folder / place).is_file()), None)


def load(path: Path | None, environment: Mapping[str, str], renamed: Mapping[str, str] = RENAMED) -> Settings:
    """Return the settings. Raises SettingsError for anything unknown or out of range, naming the nearest known."""
    layers = (_from_file(path), _from_platform(environment), _from_environment(environment), _from_secrets(environment))
    merged: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for where, key, value in layer:
            section, name = _known(where, key, renamed)
            merged.setdefault(section, {})[name] = value
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise _complaint(error) from None


def secret_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield every file from which a setting alone is read. Raises SettingsError where a folder of them is none."""
    for variable, value in sorted(environment.items()):
        if variable.startswith(PREFIX) and _names_a_file(variable.removeprefix(PREFIX)):
            yield Path(value)
    for file, _key_of_it in _kept(environment):
        yield file


Found = Iterator[tuple[str, str, Any]]
"""Where a value stands (for a person), the key it is given under, and the value."""


def _from_file(path: Path | None) -> Found:
    if path is None:
        return
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), f"is not TOML: {error}") from None
    for section, values in content.items():
        if not isinstance(values, dict):
            raise SettingsError(section, "stands outside of a section", "Every setting belongs into one, as [poll].")
        for name, value in values.items():
            yield f"{section}.{name}", f"{section}.{name}", value


def _from_platform(environment: Mapping[str, str]) -> Found:
    """What hosting platforms call it."""
    if url := environment.get("DATABASE_URL"):
        yield "DATABASE_URL", "database.url", url


def _from_environment(environment: Mapping[str, str]) -> Found:
    for variable, value in sorted(environment.items()):
        name = variable.removeprefix(PREFIX)
        if name == variable or name in OTHER_NAMES:
            continue
        if _names_a_file(name):
            yield variable, _key(name.removesuffix("_FILE")), _secret(Path(value))
        else:
            yield variable, _key(name), value


def _from_secrets(environment: Mapping[str, str]) -> Found:
    for file, key in _kept(environment):
        yield str(file), key, _secret(file)


def _kept(environment: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the files in folders of secrets, each with the key of what it holds."""
    for variable in (PREFIX + "SECRETS_DIR", "CREDENTIALS_DIRECTORY"):
        folder = environment.get(variable)
        if folder and not Path(folder).is_dir():
            raise SettingsError(variable, f"names {folder}, which is no folder")
        for file in sorted(Path(folder).iterdir()) if folder else ():
            name = file.name.upper()
            key = _key(name.removeprefix(PREFIX))
            # A directory of credentials may hold those of other programs; what bears our name is ours.
            if key in keys() or name.startswith(PREFIX):
                yield file, key


def _names_a_file(name: str) -> bool:
    """Whether a variable names a file that holds the value; `name` is without the prefix."""
    return name.endswith("_FILE") and name not in OTHER_NAMES and _key(name) not in keys()


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read ({error.strerror})") from None


def _key(name: str) -> str:
    section, _, rest = name.lower().partition("__")
    return f"{section}.{rest}"


def _known(where: str, key: str, renamed: Mapping[str, str]) -> tuple[str, str]:
    """Return section and name of a key, today's for a renamed one. Raises SettingsError for an unknown one."""
    if key in renamed:
        warnings.warn(f"{where} is called {renamed[key]} now", stacklevel=2)
        key = renamed[key]
    if key not in keys():
        nearest = difflib.get_close_matches(key, keys(), n=1, cutoff=0)[0]
        as_written = PREFIX + nearest.replace(".", "__").upper() if where.startswith(PREFIX) else nearest
        raise SettingsError(where, "is no setting", f"Did you mean {as_written}?")
    section, _, name = key.partition(".")
    return section, name


def _fields(section: str) -> Mapping[str, Any]:
    return cast("type[BaseModel]", Settings.model_fields[section].annotation).model_fields


def _complaint(error: ValidationError) -> SettingsError:
    """Return the first problem as one sentence that does not repeat a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"][:2])
    said = first["msg"].removeprefix("Value error, ")
    said = said[:1].lower() + said[1:].rstrip(".")
    return SettingsError(key, said, "See docs/settings.md.")
