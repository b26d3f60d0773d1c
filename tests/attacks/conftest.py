"""A program to attack, and the count of what was tried on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.process.conftest import program

__all__ = ["program"]


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    """Say how many attacks a test tries, where that is more than one."""
    return lambda attacks: record_property("attacks", attacks)
