"""What makes two texts of an entry the same to a reader, whatever the links in them look like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.digest import digest
from bot.model import Clip, Entry
from bot.richtext import RichText

ENTRY = Entry("a", body=RichText("See the table"))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x|y",
        "https://a.example/two words",
        "https://me:secret@a.example/",
        f"https://a.example/{'x' * 3000}",
        "https://[bad/",
        "mailto:a@a.example",
    ],
)
def test_a_link_that_nobody_could_subscribe_to_counts_as_it_stands(url: str) -> None:
    linked = replace(ENTRY, body=ENTRY.body.marked("link", url))
    assert digest(linked) == digest(linked) != digest(ENTRY)
    assert digest(replace(ENTRY, embeds=(url,))) != digest(ENTRY)
    assert digest(replace(ENTRY, clips=(Clip(url),))) != digest(ENTRY)


def test_a_tracking_parameter_is_no_edit() -> None:
    told = {digest(replace(ENTRY, embeds=(f"https://a.example/x{query}",))) for query in ("", "?utm_source=feed")}
    assert len(told) == 1
