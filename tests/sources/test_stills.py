"""Videos come with the picture that stands for them, wherever a page shows it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from bot.model import Clip
from bot.sources.bbc_figure import Figures
from bot.sources.body import Body

PAGE = "https://harbour.example/live"


def test_a_players_poster_stands_for_its_video() -> None:
    body = Body(PAGE)
    body.html('<figure><video src="/a.mp4" poster="/a.jpg"></video><figcaption>The start</figcaption></figure>')
    assert body.clips == [Clip("https://harbour.example/a.mp4", "The start", "https://harbour.example/a.jpg")]


def test_a_poster_stands_for_a_bbc_player_that_shows_no_picture_yet() -> None:
    figure = LexborHTMLParser(
        '<figure><video src="/a.mp4" poster="/a.jpg"></video><figcaption>Media caption, A</figcaption></figure>'
    ).css_first("figure")
    assert figure is not None
    figures = Figures(PAGE)
    figures.add(figure)
    assert [clip.picture for clip in figures.clips] == ["https://harbour.example/a.jpg"]
