"""Where the lead of an entry ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.richtext import RichText, Span
from bot.summary import first_sentence, lead, sentence_ends, shorten


def sentences(text: str) -> list[str]:
    """Return a line, taken apart where its sentences end."""
    ends = [0, *sentence_ends(text), len(text)]
    return [part for start, end in pairwise(ends) if (part := text[start:end].strip())]


@pytest.mark.parametrize(
    "line",
    [
        "One ends. Another begins. A third!",
        "Is it so? It is! Well… Maybe.",
        'She said "it is over." Then she left.',
        "He said “it is over.” Then he left. (So they say.) Fine.",
        "The bridge closed in 2023. It opened again.",
        "The match ended 3.5 goals to 2.25 on average. Nobody won.",
        "See example.org for more. It is free.",
        "Wait... Nobody came. Ok.",
    ],
)
def test_sentences_end_at_stops_with_their_closing_quotes(line: str) -> None:
    found = sentences(line)
    assert " ".join(found) == line
    assert all(part.rstrip('"”)')[-1] in ".!?…" for part in found)
    assert len(found) == len([word for word in line.split() if word.rstrip('"”)')[-1:] in tuple(".!?…")])


@pytest.mark.parametrize(
    "line",
    [
        "Mr. Holt met Mrs. Vane and Dr. Orr near St. Anne.",
        "The U.S. President spoke at 9 a.m. Eastern time.",
        "No. 10 said nothing about Art. 5 or p. 12 of it.",
        "J. R. Marsh and George W. Bell signed.",
        "On Jan. 5 the Lt. Gov. Amira Sol resigned, i.e. Tuesday.",
        "Harbour Works Inc. Chairman Lee vs. Port Co. Ltd.",
        "“Why?” he asked, and “No!” she said.",
        "He thought about it... and went home.",
        "Am 3. Oktober kam z.B. Frau Nr. 7 an.",
        "В 2023 г. Ростов и ул. Ленина, т.е. всё.",
        "Prof. (Dr.) A. Lind won.",
    ],
)
def test_abbreviations_initials_and_numbers_end_no_sentence(line: str) -> None:
    assert sentences(line) == [line]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("橋は閉鎖された。列車は止まった！本当か？", 3),
        ("「橋は閉鎖された。」と市長は言った。次の文。", 2),
        ("他说：“桥关闭了。”人们离开了。", 2),
        ("هل أغلق الجسر؟ نعم. انتهى الأمر.", 3),
        ("پل بند ہے۔ لوگ چلے گئے۔", 2),
        ("पुल बंद है। लोग चले गए।", 2),
        ("Мост закрыт. Люди ушли. «Всё.» Конец.", 4),
    ],
)
def test_sentences_end_in_every_script(line: str, count: int) -> None:
    assert len(sentences(line)) == count


def test_no_before_a_number_is_an_abbreviation_and_otherwise_an_answer() -> None:
    assert sentences("Did they agree? No. They left for No. 10.") == ["Did they agree?", "No.", "They left for No. 10."]


def test_a_short_body_is_its_own_lead() -> None:
    body = RichText("First.\n\nSecond.", (Span(0, 5, "bold"),))
    assert lead(body) == body


def test_a_lead_holds_whole_paragraphs_and_then_whole_sentences() -> None:
    body = RichText("A first paragraph.\n\n" + "This sentence has forty-one letters, yes. " * 10)
    cut = lead(body, 120).text
    assert cut == "A first paragraph.\n\n" + " ".join(["This sentence has forty-one letters, yes."] * 2)


def test_a_first_sentence_that_is_too_long_is_cut_at_a_word() -> None:
    cut = lead(RichText("word, " * 100), 50).text
    assert cut.endswith("word…")
    assert len(cut) <= 50


def test_a_tiny_first_sentence_is_not_the_whole_lead() -> None:
    cut = lead(RichText("Hello. " + "and so it goes on and on " * 20), 100).text
    assert 60 < len(cut) <= 100
    assert cut.endswith("…")


def test_a_lead_does_not_stop_inside_a_quotation() -> None:
    body = RichText(
        'It rained all day in the harbour town. She said: "I am tired. I am going home and will not return."'
    )
    assert lead(body, 75).text == "It rained all day in the harbour town."


def test_a_quotation_that_runs_over_paragraphs_may_end_with_its_paragraph() -> None:
    body = RichText("“" + "We go on. " * 8 + "\n\n“" + "We shall. " * 30)
    assert lead(body, 120).text == ("“" + "We go on. " * 8).strip()


def test_list_items_stay_whole() -> None:
    body = RichText("What we know so far:\n• " + "\n• ".join(["An item of. Two sentences in thirty"] * 8))
    cut = lead(body, 130).text
    assert cut.endswith("\n• An item of. Two sentences in thirty")
    assert len(cut) <= 130


def test_a_lead_does_not_end_in_a_promise_of_a_list() -> None:
    body = RichText("The bridge is closed to all traffic. This is what we know:\n• " + "long " * 60)
    assert lead(body, 100).text == "The bridge is closed to all traffic."


def test_a_lead_does_not_end_in_a_question_that_the_next_paragraph_answers() -> None:
    body = RichText("The bridge is closed to all traffic.\n\nWho may still cross?\n\n" + "Words and words. " * 20)
    assert lead(body, 65).text == "The bridge is closed to all traffic."


def test_spans_survive_and_are_clipped() -> None:
    body = RichText(
        "Bold words. " + "More text here. " * 30, (Span(0, 4, "bold"), Span(5, 400, "link", "https://e.org/"))
    )
    cut = lead(body, 60)
    assert cut.spans == (Span(0, 4, "bold"), Span(5, len(cut), "link", "https://e.org/"))


def test_an_ellipsis_stays_inside_the_quotation_it_cuts() -> None:
    cut = shorten(RichText("quoted words that run on").marked("quote"), 12)
    assert cut == RichText("quoted…").marked("quote")


def test_text_without_spaces_is_cut_between_whole_characters() -> None:
    family = "👨\u200d👩\u200d👧"
    assert shorten(RichText("x" * 5 + family * 3), 8).text == "xxxxx…"
    assert shorten(RichText("cafe\u0301cafe\u0301"), 5).text == "caf…"


def test_the_first_sentence_ends_with_its_line_at_the_latest() -> None:
    assert first_sentence("No stop here\nNext. Line.") == 12
    assert first_sentence("One. Two.") == 4
    assert first_sentence("") == 0


alphabet = st.sampled_from(
    [*"abcZ .!?…\n\n“”\"'()•,:;-0123", "• ", "\n\n", "。", "」", "؟", "।", "é", "e\u0301", "👩\u200d🚀"]
)
texts = st.lists(alphabet, max_size=200).map("".join)


@given(text=texts, length=st.integers(1, 80), data=st.data())
def test_a_lead_is_a_beginning_of_the_body_and_no_longer_than_asked(
    text: str, length: int, data: st.DataObject
) -> None:
    edge = st.integers(0, len(text))
    start, end = sorted((data.draw(edge), data.draw(edge)))
    spans = (Span(start, end, "bold"),) if start < end else ()
    body = RichText(text, spans)
    cut = lead(body, length)
    kept = cut.text.removesuffix("…")
    assert len(cut) <= length
    assert "".join(text.split()).startswith("".join(kept.split()))
    assert bool(cut) == bool(text.strip())
    assert all(0 <= span.start < span.end <= len(cut) for span in cut.spans)
    assert lead(cut, length).text == cut.text


def test_a_lead_never_ends_in_a_promise_or_in_a_question_that_the_page_goes_on_to_answer() -> None:
    promise = "This is what the harbour master said about the storm of last night:"
    told = lead(RichText(f"{promise}\n\n{'The lamp was lit and the boats were in and all was well ' * 4}"), 120).text
    assert told.startswith(promise)
    assert told.endswith("…")
    question = (
        "The boats are all in, and the harbour is closed until the morning tide. Who is missing? "
        + "Nobody at all " * 9
    )
    assert (
        lead(RichText(question), 100).text == "The boats are all in, and the harbour is closed until the morning tide."
    )
