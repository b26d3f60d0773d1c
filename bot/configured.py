"""The settings, as a command of the command line gets them: from the usual places or --config, with logging set up."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from .errors import UsageError

if TYPE_CHECKING:
    from .settings import Settings

Config = Annotated[Path | None, Parameter(help="The settings file, if not config/liverelay.toml.")]


@contextmanager
def warnings_told() -> Iterator[None]:
    """Tell what is warned of inside the block as sentences on stderr, without lines of our code."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for warning in said:
        print(f"Warning: {warning.message}.", file=sys.stderr)


def settings_file(config: Path | None) -> Path | None:
    """Return the settings file that is used; None where there is none."""
    from .settings import find

    return config or find(os.environ)


def load_settings(config: Path | None, *, logging: bool) -> Settings:
    """Read the settings. Raises UsageError where --config names no file, SettingsError for what stands in it."""
    from . import log
    from .settings import load

    if config and not config.is_file():
        raise UsageError(f"{config} is not there: --config names a settings file.")
    with warnings_told():
        settings = load(settings_file(config), os.environ)
    if logging:
        log.set_up(settings.log.level, settings.log.format, settings.secrets())
    return settings
