"""Texts are parsed, counted and refused as the Bot API server does it."""

from __future__ import annotations

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest

from sandbox.server import Sandbox
from sandbox.telegram import html_mode, markdown_mode
from sandbox.telegram.entities import MarkupError

EMOJI = "\N{GRINNING FACE}"


async def test_a_text_of_4096_utf16_units_passes_and_one_more_does_not(bot: Bot, group: str) -> None:
    await bot.send_message(group, "a" * 4096)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(group, "a" * 4097)
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(group, EMOJI * 2049)


async def test_an_edit_that_is_too_long_is_worded_differently(bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "short")
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.edit_message_text("a" * 4097, group, sent.message_id)


async def test_the_length_is_counted_after_parsing(bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, f"<b>{'a' * 4096}</b>", parse_mode="HTML")
    assert sent.entities[0].length == 4096


@pytest.mark.parametrize(("text", "problem"), [("", "Message text is empty"), (" \n ", "Text must be non-empty")])
async def test_an_empty_text_is_refused(bot: Bot, group: str, text: str, problem: str) -> None:
    with pytest.raises(BadRequest, match=problem):
        await bot.send_message(group, text)


async def test_white_space_around_a_text_goes_and_entities_move_with_it(bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "\n\n<b>Fog</b> ahead \n", parse_mode="HTML")
    assert sent.text == "Fog ahead"
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [("bold", 0, 3)]


async def test_links_mentions_and_commands_are_found_as_a_reader_would_see_them(bot: Bot, group: str) -> None:
    sent = await bot.send_message(group, "See https://harbour.example/tides, @pilots and /help")
    assert {str(entity.type) for entity in sent.entities} == {"url", "mention", "bot_command"}


async def test_an_entity_that_leaves_the_text_or_cuts_a_character_is_refused(bot: Bot, group: str) -> None:
    with pytest.raises(BadRequest, match="Entity_bounds_invalid"):
        await bot.send_message(group, "short", entities=[MessageEntity("bold", 0, 6)])
    with pytest.raises(BadRequest, match=r"(?i)middle of a UTF-16 symbol"):
        await bot.send_message(group, EMOJI * 2, entities=[MessageEntity("bold", 1, 1)])


async def test_what_the_server_drops_without_a_word_is_a_problem_in_the_record(
    sandbox: Sandbox, bot: Bot, group: str
) -> None:
    entities = [MessageEntity("bold", 2 * number, 1) for number in range(101)]
    sent = await bot.send_message(group, "a " * 101, entities=entities)
    assert len(sent.entities) == 100
    await bot.send_message(group, "<code>a<b>b</b></code>", parse_mode="HTML")
    problems = [problem for call in sandbox.calls.select(method="sendMessage") for problem in call.problems]
    assert len(problems) == 2


async def test_an_unknown_parse_mode_is_refused(bot: Bot, group: str) -> None:
    with pytest.raises(BadRequest, match="Unsupported parse_mode"):
        await bot.send_message(group, "x", parse_mode="Markup")


async def test_callback_data_has_64_bytes_at_most(bot: Bot, group: str) -> None:
    def keyboard(size: int) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="x" * size)]])

    await bot.send_message(group, "x", reply_markup=keyboard(64))
    with pytest.raises(BadRequest):
        await bot.send_message(group, "x", reply_markup=keyboard(65))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_in_the_servers_words(source: str, problem: str) -> None:
    with pytest.raises(MarkupError) as refused:
        html_mode.parse(source)
    assert str(refused.value) == problem


def test_html_entities_count_utf16_units_and_references_are_decoded() -> None:
    text, entities = html_mode.parse(f"{EMOJI}<i>&lt;&#8364;&amp;</i>&nbsp;<blockquote expandable>q</blockquote>")
    assert text == f"{EMOJI}<€&&nbsp;q"
    assert entities == [
        {"type": "italic", "offset": 2, "length": 3},
        {"type": "expandable_blockquote", "offset": 11, "length": 1},
    ]


def test_an_html_link_that_leads_nowhere_is_text() -> None:
    assert html_mode.parse('<a href="nowhere">x</a>') == ("x", [])
    assert (
        html_mode.parse('<a href="https://a.example/?q=1&amp;r=2">x</a>')[1][0]["url"] == "https://a.example/?q=1&r=2"
    )


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a!", "Character '!' is reserved and must be escaped with the preceding '\\'"),
        ("é*x", "Can't find end of Bold entity at byte offset 2"),
        ("__x _y___", "Can't find end of Italic entity at byte offset 8"),
        ("[x](y", "Can't find end of a URL at byte offset 4"),
        ("```py", "Can't find end of Pre entity at byte offset 0"),
        (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_broken_markdown_is_refused_in_the_servers_words(source: str, problem: str) -> None:
    with pytest.raises(MarkupError) as refused:
        markdown_mode.parse(source)
    assert str(refused.value) == problem


def test_markdown_marks_nest_and_quotes_span_lines() -> None:
    text, entities = markdown_mode.parse(">*b _i_*\n>two\nafter\\. `c`\n```py\nx\n```")
    assert text == "b i\ntwo\nafter. c\nx\n"
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in entities] == [
        ("blockquote", 0, 8),
        ("bold", 0, 3),
        ("italic", 2, 1),
        ("code", 15, 1),
        ("pre", 17, 2),
    ]
    assert markdown_mode.parse(">a||b||\n>c||\nd")[1][0]["type"] == "expandable_blockquote"
