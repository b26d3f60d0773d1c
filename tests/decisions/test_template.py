"""Templates: a chat's own words with named fields, checked when they are set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compose import compose
from bot.errors import Mistake
from bot.model import Author, Entry, Image, SourceTitle, Style
from bot.richtext import RichText, Span
from bot.template import parse_template

SOURCE = SourceTitle("Harbour News", "Storm", "https://www.harbour.example/live/1")
STORM = Entry(
    key="k",
    headline="Pier closed",
    body=RichText("The pier was closed at eight. Nobody was hurt.\n\nFerries sail.", (Span(4, 8, "bold"),)),
    published_at=datetime(2026, 7, 3, 18, 5, tzinfo=UTC),
    url="https://www.harbour.example/live/1#k",
    authors=(Author("Jo Smith", "Reporter"),),
    label="Analysis",
    images=(Image("https://pictures.example/1.jpg"),),
)


def said(template: str, entry: Entry = STORM) -> tuple[str, RichText]:
    return parse_template(template).fill(entry, SOURCE, ZoneInfo("Asia/Kathmandu"), 300)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{text}", "The pier was closed at eight. Nobody was hurt.\n\nFerries sail."),
        ("{summary:20}", "The pier was closed…"),
        ("{time:%H:%M} {summary:8}", "23:50 The pie…"),
        ("{time} {summary:8}", "23:50, 3 Jul 2026 The pie…"),
        ("{time:%a %d %b %Y %I:%M %p %Z 100%%} {headline}", "Fri 03 Jul 2026 11:50 PM UTC+5:45 100% Pier closed"),
        (">> {headline} by {author}", ">> Pier closed by Jo Smith"),
        ("{label}: {headline} ({source}, {title})", "Analysis: Pier closed (Harbour News, Storm)"),
        (r"{{{headline}}}\n{link}", "{Pier closed}\nhttps://www.harbour.example/live/1#k"),
        ("{headline} {link:Read on}", "Pier closed Read on"),
        ("{HEADLINE:bold} now", "Pier closed now"),
    ],
)
def test_fields_are_filled_in(template: str, words: str) -> None:
    assert said(template)[1].text == words


def test_fields_are_shown_bold_as_links_and_with_their_own_spans() -> None:
    told = said("{headline:bold,link} {text:15} {link:on}")[1]
    assert told.text == "Pier closed The pier was… on"
    spans = {(told.text[span.start : span.end], span.kind) for span in told.spans}
    assert spans == {("Pier closed", "bold"), ("Pier closed", "link"), ("pier", "bold"), ("on", "link")}


def test_a_first_line_of_only_the_headline_is_the_messages_headline() -> None:
    assert said(r"{headline}\n{text:15}")[0] == "Pier closed"
    assert said(r"{headline}\n{text:15}")[1].text == "The pier was…"


def test_a_line_of_which_all_fields_are_empty_is_left_out() -> None:
    bare = replace(STORM, authors=(), published_at=None, label=None)
    assert said(r"{time} by {author}\n\n{label}\n\nNow: {headline}", bare)[1].text == "Now: Pier closed"


@pytest.mark.parametrize(
    ("template", "place", "what"),
    [
        ("{headlin}", 1, "there is no {headlin}. Did you mean {headline}?"),
        ("{headline} {zzz}", 12, "The fields are headline, summary, text, time"),
        ("{headline} {time:%Q}", 17, "times do not know “%Q”. There are %H %I"),
        ("{headline} {time:%}", 17, "times do not know “%”"),
        ("{headline:bold,big}", 15, "words cannot be shown as “big”"),
        ("{headline:0}", 10, "words cannot be shown as “0”"),
        ("{headline", 0, "this brace is never closed. A brace is written “{{”"),
        ("headline}", 8, "nothing was opened that this could close"),
        ("{time} {link}", 0, "it would say nothing of an entry. Put {headline}, {summary} or {text} into it"),
        ("", 0, "it would say nothing"),
    ],
)
def test_a_mistake_is_refused_with_its_place(template: str, place: int, what: str) -> None:
    with pytest.raises(Mistake) as refused:
        parse_template(template)
    assert (refused.value.what, refused.value.place) == ("template", place)
    assert what in str(refused.value)


def test_a_message_in_a_template_keeps_pictures_and_the_way_to_its_source() -> None:
    message = compose(STORM, source=SOURCE, style=Style(template="{headline} now"), zone=UTC)
    assert (message.headline, message.body.text) == ("", "Pier closed now")
    assert (message.source_name, message.link) == ("Harbour News", STORM.url)
    assert (message.time_text, message.author, message.images) == ("", "", STORM.images)


def test_in_its_plainest_form_a_message_forgets_its_template() -> None:
    style = Style(template="Now: {text}")
    assert compose(STORM, source=SOURCE, style=style, zone=UTC, form=2).headline == "Pier closed"
    plainer = compose(STORM, source=SOURCE, style=style, zone=UTC, form=1)
    assert (plainer.images, plainer.body.text[:9]) == ((), "Now: The ")


def test_a_template_that_nothing_fills_says_what_stands_in() -> None:
    bare = Entry(key="k", body=RichText(), url="")
    assert compose(bare, source=SOURCE, style=Style(template="{headline}"), zone=UTC).headline == "Storm"


@given(st.text("{}:ab,%H\\n 0headlintxm", max_size=40))
def test_whatever_is_typed_is_a_template_or_is_refused_with_its_place(text: str) -> None:
    try:
        parse_template(text).fill(STORM, SOURCE, UTC, 300)
        place = 0
    except Mistake as mistake:
        place = mistake.place
    assert 0 <= place <= len(text)
