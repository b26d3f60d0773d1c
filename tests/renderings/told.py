"""Very different things that a page can say, as both platforms' renderings show them.

Our own fiction: no place, ship or person in it is real. Each goes the way of a real entry, from `bot.compose` on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from bot.compose import compose, compose_also
from bot.compose_digest import compose_digest
from bot.message import Message
from bot.model import Author, Clip, Entry, Image, SourceTitle, Style
from bot.richtext import RichText
from bot.sources.html import rich_text

URL = "https://harbour.example/live/lightship"
SOURCE = SourceTitle("Harbour News", "Lightship Marigold adrift: tugs race the tide at Port Ferrow", URL)
DAWN = datetime(2026, 2, 14, 7, 4, tzinfo=UTC)
ZONE = ZoneInfo("Europe/London")
PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a chat is told, one message after another in the same place: the first is sent, the others are edits.

    `shows` says what to look at. `pinned`: the message is pinned at the end.
    """

    name: str
    shows: str
    messages: tuple[Message, ...] = field(repr=False)
    pinned: bool = False


def _said(entry: Entry, style: Style = PLAIN, *, withdrawn: bool = False) -> Message:
    return compose(entry, source=SOURCE, style=style, zone=ZONE, withdrawn=withdrawn)


def _entry(key: str, headline: str | None, body: RichText | str = "", minutes: int = 0, **more: object) -> Entry:
    words = RichText(body) if isinstance(body, str) else body
    at = DAWN + timedelta(minutes=minutes)
    told: dict[str, object] = {"published_at": at, "url": f"{URL}?post={key}"}
    return replace(Entry(key, headline=headline, body=words), **(told | more))  # type: ignore[arg-type]


def _written(html: str) -> RichText:
    body = LexborHTMLParser(html).body
    assert body is not None
    return rich_text(body, URL)


def _photo(name: str, caption: str, credit: str = "Ines Calder/Harbour News") -> Image:
    return Image(f"https://pictures.harbour.example/{name}.jpg", caption=caption, credit=credit)


REPORTER = (Author("Ines Calder", "Reporting from the mole"),)

ADRIFT = _entry(
    "adrift",
    "Lightship Marigold is adrift",
    "Her cable parted at four this morning. Seven people are on board.",
    flags=frozenset({"breaking"}),
    authors=REPORTER,
)
CORRECTED = replace(
    ADRIFT, body=RichText("Her cable parted at four this morning. Nine people are on board, not seven.")
)

INQUIRY = _entry(
    "inquiry",
    "What the inquiry asks of the harbour board, in full",
    "\n\n".join(
        f"{number}. The board shall see to it that station {number} of the outer light chain is visited every "
        f"{number + 2} weeks, that what was found there is written down the same day, and that nobody has to row alone."
        for number in range(1, 31)
    ),
    96,
    label="Inquiry",
)

TOW = _entry(
    "tow",
    "The tow line is across",
    "The tug Bess has a line on the Marigold, at the second attempt and with the Comb rocks in plain sight. "
    "The Old Tom stands by to leeward in case it parts.",
    31,
    images=(_photo("tow", "The Bess takes up the slack, seen from the mole"),),
    authors=REPORTER,
)

WAITING = _entry(
    "waiting",
    "Port Ferrow turns out to meet her",
    "Everybody who can walk is on the mole.",
    58,
    images=(
        _photo("band", "The harbour band has been playing since eight"),
        _photo("school", "School is out until further notice", "Bram Oakes"),
        _photo("kettle", "Tea for four hundred", "Bram Oakes"),
        _photo("lamp", "Her lamp is still lit"),
    ),
)

FILMED = _entry(
    "filmed",
    "The moment when the line went tight",
    "Keeper Lowe filmed it from the lantern gallery.",
    40,
    clips=(
        Clip(
            "https://harbour.example/videos/tight-line",
            "Watch: forty seconds on the gallery",
            "https://pictures.harbour.example/gallery.jpg",
        ),
    ),
)

QUESTIONS = _entry(
    "questions",
    "What we know, and what we do not",
    _written(
        """<blockquote>She rolled, and she rolled back. That is all I ask of a ship.</blockquote>
        <p>The keeper, <b>Maud Lowe</b>, spoke to us <i>over the radio</i>. So far:</p>
        <ul><li>the cable parted <a href="/live/lightship/cable">where it was spliced in 1998</a></li>
        <li>of the two tugs<ul><li>the <b>Bess</b> has her in tow</li><li>the <b>Old Tom</b> stands by</li></ul></li>
        <li>nobody can say <code>who</code> signed for the splice</li></ul>
        <p>Read <a href="https://board.harbour.example/log">the board's log</a> for the rest.</p>"""
    ),
    44,
)

ARABIC = _entry(
    "arabic",
    "السفينة المنارة «ماريغولد» تنجرف قرب بورت فيرو",
    "انقطع حبل المرساة عند الساعة 04:00، وعلى متنها 9 أشخاص 👩‍🚒👨‍👩‍👧‍👦 وكلهم بخير. "
    "وصلت القاطرة Bess أولًا، ثم القاطرة Old Tom.",
    47,
)
HEBREW = _entry(
    "hebrew",
    "ספינת המגדלור „מריגולד” נסחפת",
    "הכבל נקרע ב־04:00. על הסיפון 9 אנשים, וכולם בריאים 🏴‍☠️👍🏽. הגוררת Bess בדרך.",
    48,
)

SUMMARY = Entry(
    "summary",
    kind="summary",
    body=RichText(
        "• The lightship Marigold is under tow and safely past the Comb rocks\n"
        "• All nine people on board are well; the harbour band is waiting for them\n"
        "• Her lamp never went out, the keeper says"
    ),
    updated_at=DAWN + timedelta(minutes=60),
    url=URL,
)

RUMOUR = _entry("rumour", "The mayor was on board", "Two people on the mole say that they saw him wave.", 50)

FULL = replace(PLAIN, detail="full")

_GULL = SourceTitle("The Gull", "Storm on the coast", "https://gull.example/live/storm")
_AGAIN = Entry(
    "again", headline="Lightship Marigold adrift with crew of nine", url="https://gull.example/live/storm?post=again"
)
ALSO = (compose_also(_AGAIN, source=_GULL),)

RENDERINGS = (
    Rendering("Breaking", "A short entry that the newsroom marked as breaking, in the usual style.", (_said(ADRIFT),)),
    Rendering(
        "A correction",
        "The same entry after the newsroom corrected it: the message itself changes.",
        (_said(ADRIFT), _said(CORRECTED)),
    ),
    Rendering(
        "The same story twice",
        "`/fold on`: what another page tells of the same event is named under the first message by an edit.",
        (_said(CORRECTED), replace(_said(CORRECTED), also=ALSO)),
    ),
    Rendering("Headline only", "`/style headline`: nothing but the headline.", (_said(TOW, Style("headline", "off")),)),
    Rendering(
        "A long text, cut",
        "`/style full`: the text ends where a message ends, and the source's name leads to the rest.",
        (_said(INQUIRY, FULL),),
    ),
    Rendering(
        "A long text, split",
        "`/style full long split`: the text goes on in another message.",
        (_said(INQUIRY, replace(FULL, long="split")),),
    ),
    Rendering("A picture", "A picture with its caption and credit.", (_said(TOW),)),
    Rendering(
        "Four pictures",
        "`/style images all`: an album; its caption names what each picture shows, and who took it.",
        (_said(WAITING, replace(PLAIN, images="all")),),
    ),
    Rendering("A video", "A video is its picture, above a link.", (_said(FILMED),)),
    Rendering(
        "A quote, a list and links",
        "`/style full`: what the newsroom emphasised, quoted, listed and linked stays so.",
        (_said(QUESTIONS, FULL),),
    ),
    Rendering(
        "From right to left",
        "Arabic, with a family that is one sign of seven characters.",
        (_said(ARABIC),),
    ),
    Rendering(
        "Hebrew",
        "Hebrew with a Latin name in it, and emoji of several characters each.",
        (_said(HEBREW),),
    ),
    Rendering(
        "The summary",
        "What stands at the top of the page: one message, pinned without a sound and kept current.",
        (_said(SUMMARY),),
        pinned=True,
    ),
    Rendering(
        "A digest",
        "What came while the chat was paused, as one message; what is new follows it in full.",
        (compose_digest((ADRIFT, TOW, FILMED, WAITING, INQUIRY), source=SOURCE, style=PLAIN, zone=ZONE),),
    ),
    Rendering(
        "Withdrawn",
        "An entry that the newsroom took back when it was too late to remove the message: its words are gone.",
        (_said(RUMOUR), _said(RUMOUR, withdrawn=True)),
    ),
)
