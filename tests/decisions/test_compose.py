"""How entries, digests and withdrawals are worded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compose import compose, compose_end
from bot.compose_digest import compose_digest
from bot.message import Message
from bot.model import END_KEY, SUMMARY_KEY, Author, Clip, Detail, Entry, Image, SourceTitle, Style
from bot.richtext import RichText, Span
from bot.wording import points, time_text

SOURCE = SourceTitle("Harbour News", "Storm over Port Alder", "https://www.harbour.example/live/1")
LONDON, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("Asia/Kolkata")
AT = datetime(2024, 7, 3, 8, 15, tzinfo=UTC)
PHOTO = Image("https://img.example/1.jpg", alt="A pier", caption="The pier at noon", credit="A. Lens")
OTHER = Image("https://img.example/2.jpg", alt="A boat")
BODY = RichText("The north pier was closed at eight. Nobody was hurt.\n\nFerries sail from the south pier.")


def an_entry(**fields: object) -> Entry:
    given_fields: dict[str, object] = {
        "key": "asset:1",
        "headline": "Pier closed by the storm",
        "body": BODY,
        "published_at": AT,
        "url": f"{SOURCE.url}?post=1",
    }
    return Entry(**{**given_fields, **fields})  # type: ignore[arg-type]  # a builder: the fields are checked by use


def said(entry: Entry, *, form: int = 0, withdrawn: bool = False, **style: object) -> Message:
    wanted = Style(**style)  # type: ignore[arg-type]  # as above
    return compose(entry, source=SOURCE, style=wanted, zone=LONDON, form=form, withdrawn=withdrawn)


def everything(message: Message) -> str:
    """Return all the words of a message, as a reader might meet them."""
    images = [word for image in message.images for word in (image.caption, image.alt, image.credit, image.url)]
    notes = [note.text for note in message.footnotes]
    urls = [span.url for text in (message.body, *message.footnotes) for span in text.spans]
    return "\n".join([message.headline, message.body.text, message.author, message.label, *notes, *images, *urls])


def test_an_entry_says_headline_lead_time_author_image_and_source() -> None:
    message = said(an_entry(authors=(Author("Mira Stone"),), images=(PHOTO, OTHER), label="Analysis"))
    assert message == Message(
        kind="entry",
        headline="Pier closed by the storm",
        body=BODY,
        label="Analysis",
        author="Mira Stone",
        time=AT,
        time_text="09:15 BST, 3 Jul 2024",
        source_name="Harbour News",
        link=f"{SOURCE.url}?post=1",
        images=(PHOTO,),
    )


def test_the_style_decides_how_much_is_said() -> None:
    long = an_entry(body=RichText("\n\n".join(["A sentence of some length stands here. " * 3] * 5)))
    assert said(long, detail="headline").body == RichText()
    assert 0 < len(said(long).body) <= 300
    assert len(said(long, summary_length=130).body) <= 130
    assert (
        said(long, detail="full").body.text
        == "\n\n".join(["A sentence of some length stands here. " * 3] * 5).replace(" \n", "\n").strip()
    )


def test_what_the_style_switches_off_is_not_said() -> None:
    entry = an_entry(authors=(Author("Mira Stone"),), images=(PHOTO,), label="Analysis")
    message = said(entry, author=False, time=False, label=False, images="off", silent=True)
    assert (message.author, message.label, message.time, message.time_text, message.images) == ("", "", None, "", ())
    assert message.silent
    assert said(an_entry(images=(PHOTO, OTHER)), images="all").images == (PHOTO, OTHER)


def test_breaking_is_marked_in_every_form() -> None:
    entry = an_entry(flags=frozenset({"breaking"}))
    assert [said(entry, form=form).breaking for form in (0, 1, 2)] == [True] * 3


def test_the_sources_own_short_form_goes_before_the_lead() -> None:
    entry = an_entry(standfirst=RichText("All ferries move south."))
    assert said(entry).body.text == "All ferries move south."
    assert said(entry, detail="full").body.text == f"All ferries move south.\n\n{BODY.text}"


def test_nothing_is_said_twice() -> None:
    repeated = an_entry(
        body=RichText("PIER CLOSED, by the storm.\n\nFerries sail."), standfirst=RichText("Pier closed by the storm")
    )
    assert said(repeated).body.text == "Ferries sail."
    contained = an_entry(standfirst=RichText("Nobody was hurt."))
    assert said(contained, detail="full").body == BODY
    embedded = an_entry(
        body=RichText("Watch it.").marked("link", "https://v.example/1"), embeds=("https://v.example/1",)
    )
    assert said(embedded).footnotes == ()


def test_an_entry_without_a_headline_lends_its_first_sentence() -> None:
    message = said(an_entry(headline=None))
    assert message.headline == "The north pier was closed at eight."
    assert message.body.text == "Nobody was hurt.\n\nFerries sail from the south pier."


@pytest.mark.parametrize(
    "body",
    [
        RichText("A very long sentence " * 12 + "ends. Then more."),
        RichText("See this page. More.", (Span(4, 8, "link", "https://e.example/"),)),
        RichText("I am here, she said. More.", (Span(0, 26, "quote"),)),
        RichText("• One item.\n• Two items."),
    ],
)
def test_a_first_sentence_that_would_lose_by_it_is_no_headline(body: RichText) -> None:
    message = said(an_entry(headline=None, body=body))
    assert (message.headline, message.body) == ("", body)
    assert said(an_entry(headline=None, body=body), form=2).headline
    assert said(an_entry(headline=None, body=body), detail="headline").headline


def test_an_entry_with_nothing_but_a_picture_is_headed_by_its_page() -> None:
    message = said(an_entry(headline=None, body=RichText(), images=(PHOTO,)))
    assert (message.headline, message.body, message.images) == (SOURCE.title, RichText(), (PHOTO,))


def test_videos_and_embeds_become_lines_with_links() -> None:
    clips = (Clip("https://v.example/1", "The wave"), Clip("", "Only words"), Clip("https://v.example/2"), Clip())
    entry = an_entry(clips=clips, embeds=("https://www.social.example/post/1/", "https://www.social.example/post/1/"))
    assert said(entry).footnotes == (
        RichText("▶ The wave").marked("link", "https://v.example/1"),
        RichText("▶ Only words"),
        RichText("▶ Watch or listen").marked("link", "https://v.example/2"),
        RichText("social.example/post/1").marked("link", "https://www.social.example/post/1/"),
    )
    assert said(entry, detail="headline").footnotes == ()


def test_a_video_shows_its_picture_where_the_entry_has_none_of_its_own() -> None:
    still = Image("https://v.example/1.jpg", alt="The wave")
    film = Clip("https://v.example/1", "The wave", still.url)
    entry = an_entry(clips=(film, film))
    message = said(entry)
    assert message.images == (still,)
    assert message.footnotes[0] == RichText("▶ The wave").marked("link", film.url)
    with_photo = an_entry(images=(PHOTO,), clips=(film,))
    assert said(with_photo).images == (PHOTO,)
    assert said(with_photo, images="all").images == (PHOTO, still)
    assert said(entry, images="off").images == said(entry, detail="headline").images == ()
    assert said(entry, form=1).footnotes == said(entry).footnotes


def test_the_plainer_form_links_to_images_and_keeps_the_words() -> None:
    entry = an_entry(images=(PHOTO, OTHER))
    plainer = said(entry, form=1, images="all")
    assert (plainer.images, plainer.body) == ((), BODY)
    assert plainer.footnotes == (
        RichText("Picture: The pier at noon (A. Lens)").marked("link", PHOTO.url),
        RichText("Picture: A boat").marked("link", OTHER.url),
    )
    assert said(entry, form=1, images="off").footnotes == ()


def test_the_plainest_form_is_headline_time_and_link() -> None:
    entry = an_entry(images=(PHOTO,), authors=(Author("Mira"),), clips=(Clip("https://v.example/", "x"),), label="Y")
    assert everything(said(entry, form=2)).strip() == "Pier closed by the storm"
    assert said(entry, form=2).link == entry.url


def test_one_authors_role_is_named_and_several_authors_are_joined() -> None:
    stone, reed = Author("Mira Stone", "Harbour correspondent"), Author("Ann Reed", "Reporter")
    assert said(an_entry(authors=(stone,))).author == "Mira Stone, Harbour correspondent"
    assert said(an_entry(authors=(stone, reed))).author == "Mira Stone, Ann Reed"


def test_a_withdrawal_repeats_nothing_of_what_was_withdrawn() -> None:
    entry = an_entry(
        headline="Mayor stole it",
        authors=(Author("Mira"),),
        images=(PHOTO,),
        label="Exclusive",
        url=f"{SOURCE.url}/mayor-stole-it",
        embeds=("https://s.example/mayor",),
        standfirst=RichText("He stole."),
    )
    message = said(entry, withdrawn=True)
    words = everything(message)
    assert message.kind == "withdrawn"
    assert "withdrawn" in message.headline
    assert message.link == SOURCE.url
    assert not any(word in words for word in ("ayor", "stole", "Mira", "pier", "img.example", "Exclusive"))


def test_the_summary_lists_the_points_under_the_pages_title() -> None:
    body = points([RichText("Pier closed"), RichText("Ferries moved").marked("bold")])
    message = said(Entry(key=SUMMARY_KEY, kind="summary", body=body, url=SOURCE.url))
    assert (message.kind, message.headline, message.label) == ("summary", SOURCE.title, "Summary")
    assert message.body == RichText("• Pier closed\n• Ferries moved", (Span(16, 29, "bold"),))


def test_summary_paragraphs_become_points() -> None:
    entry = Entry(key=SUMMARY_KEY, kind="summary", body=RichText("Pier closed\n\nFerries moved"))
    assert said(entry).body.text == "• Pier closed\n• Ferries moved"


def test_the_end_is_one_line_with_a_link() -> None:
    message = said(Entry(key=END_KEY, kind="end"))
    assert message == compose_end(source=SOURCE, style=Style())
    assert message.headline == "Live coverage has ended: Storm over Port Alder"
    assert (message.kind, message.body, message.link) == ("end", RichText(), SOURCE.url)


def test_a_source_without_a_name_is_named_by_its_host() -> None:
    nameless = SourceTitle("", "", SOURCE.url)
    assert compose(an_entry(), source=nameless, style=Style(), zone=UTC).source_name == "harbour.example"
    assert compose_end(source=nameless, style=Style()).headline == "Live coverage has ended"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        (UTC, "08:15 UTC, 3 Jul 2024"),
        (LONDON, "09:15 BST, 3 Jul 2024"),
        (KOLKATA, "13:45 IST, 3 Jul 2024"),
        (ZoneInfo("Asia/Kathmandu"), "14:00 UTC+5:45, 3 Jul 2024"),
        (ZoneInfo("America/Sao_Paulo"), "05:15 UTC-3, 3 Jul 2024"),
        (ZoneInfo("Pacific/Kiritimati"), "22:15 UTC+14, 3 Jul 2024"),
        (timezone(timedelta(hours=-10)), "22:15 UTC-10:00, 2 Jul 2024"),
    ],
)
def test_a_time_names_its_hour_zone_and_day(zone: timezone | ZoneInfo, text: str) -> None:
    assert time_text(AT, zone) == text


def a_digest(count: int, *, step: timedelta = timedelta(minutes=5), form: int = 0, withdrawn: int = 0) -> Message:
    entries = [
        an_entry(
            key=str(number),
            headline=f"Update {number}",
            url=f"{SOURCE.url}?post={number}",
            published_at=AT + number * step,
        )
        for number in range(count)
    ]
    return compose_digest(entries, source=SOURCE, style=Style(), zone=LONDON, form=form, withdrawn=withdrawn)


def test_a_digest_lists_headlines_with_times_and_links_newest_first() -> None:
    message = a_digest(3)
    assert message.headline == "While you were away: 3 updates"
    assert message.body.text == "• 09:25 Update 2\n• 09:20 Update 1\n• 09:15 Update 0"
    assert [span.url for span in message.body.spans] == [f"{SOURCE.url}?post={number}" for number in (2, 1, 0)]
    assert [note.text for note in message.footnotes] == ["Times are BST, 3 Jul 2024."]


def test_a_digest_over_days_names_the_days() -> None:
    message = a_digest(2, step=timedelta(days=1))
    assert message.body.text == "• 4 Jul 2024, 09:15 Update 1\n• 3 Jul 2024, 09:15 Update 0"
    assert message.footnotes[0].text == "Times are BST."


def test_a_long_digest_counts_what_it_does_not_name() -> None:
    lines = a_digest(50).body.text.splitlines()
    assert (len(lines), lines[-1]) == (21, "… and 30 earlier updates")
    assert a_digest(21).body.text.endswith("… and 1 earlier update")
    assert len(a_digest(50, form=1).body.text.splitlines()) == 11
    assert a_digest(50, form=2).body == RichText()


def test_a_digest_counts_what_was_withdrawn_and_does_not_name_it() -> None:
    assert a_digest(2, withdrawn=1).footnotes[-1].text == "1 update was withdrawn since."
    emptied = a_digest(0, withdrawn=3)
    assert emptied.headline == "While you were away: no updates"
    assert [note.text for note in emptied.footnotes] == ["3 updates were withdrawn since."]


def test_a_digest_marks_breaking_and_names_entries_without_headline_by_their_first_words() -> None:
    entries = [an_entry(headline=None, flags=frozenset({"breaking"}), published_at=None)]
    message = compose_digest(entries, source=SOURCE, style=Style(), zone=LONDON)
    assert message.body.text == "• Breaking: The north pier was closed at eight."
    assert message.footnotes == ()


words = st.text(st.sampled_from("ab .\n•"), max_size=40)


@given(
    headline=st.none() | words,
    body=words,
    standfirst=st.none() | words,
    form=st.integers(0, 3),
    detail=st.sampled_from(["headline", "summary", "full"]),
    kind=st.sampled_from(["entry", "summary", "end"]),
    withdrawn=st.booleans(),
)
def test_no_message_is_ever_empty(  # noqa: PLR0917 - hypothesis fills them in by name
    headline: str | None, body: str, standfirst: str | None, form: int, detail: Detail, kind: str, withdrawn: bool
) -> None:
    entry = an_entry(
        kind=kind, headline=headline, body=RichText(body), standfirst=RichText(standfirst) if standfirst else None
    )
    message = said(entry, form=form, detail=detail, withdrawn=withdrawn)
    assert message.headline.strip() or message.body.text.strip()
    assert message.source_name
    assert message.link
