"""Photos by upload and by URL, and what becomes of the ones that cannot be had."""

from __future__ import annotations

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest

from sandbox.pictures import picture
from sandbox.server import Sandbox
from sandbox.telegram.measure import measure


async def test_a_photo_by_url_from_loopback_is_fetched_and_measured(sandbox: Sandbox, bot: Bot, group: str) -> None:
    url = f"{sandbox.url}/page/images/tug.png"
    sent = await bot.send_photo(group, url, caption="A tug")
    assert (sent.photo[0].width, sent.photo[0].height) == (640, 360)
    assert sandbox.telegram.chats()[0].messages[0].media == (url,)


async def test_a_photo_from_elsewhere_is_believed_and_never_fetched(bot: Bot, group: str) -> None:
    assert (await bot.send_photo(group, "https://pictures.harbour.example/tug.jpg")).photo


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://harbour.example/a.png", "Wrong http url specified"),
        ("https://harbour .example/a.png", "Wrong http url specified"),
        ("https://harbour.invalid/a.png", "Failed to get http url content"),
        ("http://10.0.0.8/a.png", "Failed to get http url content"),
        ("{url}/page/images/a.jpg", "Failed to get http url content"),
        ("{url}/page/live", "Wrong type of the web page content"),
        ("no-such-file-id", "Wrong file identifier/http url specified"),
    ],
)
async def test_a_bad_address_is_refused_in_the_servers_words(
    sandbox: Sandbox, bot: Bot, group: str, url: str, problem: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_photo(group, url.format(url=sandbox.url))
    assert refused.value.message.lower() == problem.lower()


async def test_what_failed_once_fails_for_days(sandbox: Sandbox, bot: Bot, group: str) -> None:
    url = f"{sandbox.url}/page/later"
    for _ in range(2):
        with pytest.raises(BadRequest, match=r"(?i)failed to get HTTP URL content"):
            await bot.send_photo(group, url)
        sandbox.pages.open("later")


async def test_an_upload_must_be_a_picture_of_a_decent_shape(bot: Bot, group: str) -> None:
    sent = await bot.send_photo(group, picture("quay.png"), filename="quay.png")
    assert sent.photo[0].width == 640
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(group, b"no picture at all")
    with pytest.raises(BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(group, picture("strip", width=2100, height=100))


async def test_a_caption_has_1024_units_at_most(bot: Bot, group: str) -> None:
    await bot.send_photo(group, picture("a"), caption="a" * 1024)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(group, picture("a"), caption="a" * 1025)


async def test_an_album_has_two_to_ten_photos_each_a_message(sandbox: Sandbox, bot: Bot, group: str) -> None:
    album = await bot.send_media_group(group, [InputMediaPhoto(picture("a")), InputMediaPhoto(picture("b"))])
    assert len({message.media_group_id for message in album}) == 1
    assert len(sandbox.telegram.chats()[0].messages) == 2
    for size in (1, 11):
        with pytest.raises(BadRequest):
            await bot.send_media_group(group, [InputMediaPhoto("https://harbour.example/a.jpg")] * size)


async def test_a_photo_can_be_sent_again_by_its_id_and_downloaded(bot: Bot, group: str) -> None:
    sent = await bot.send_photo(group, picture("a"))
    again = await bot.send_photo(group, sent.photo[0].file_id)
    assert again.photo[0].file_unique_id == sent.photo[0].file_unique_id


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (picture("x", 30, 20), (30, 20)),
        (b"GIF89a" + bytes([5, 0, 7, 0]), (5, 7)),
        (bytes.fromhex("ffd8ffe000044a46ffc0000b08000900080103"), (8, 9)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + bytes([3, 0, 0, 4, 0, 0]), (4, 5)),
        (b"<html>", None),
        (b"\x89PNG\r\n\x1a\n", None),
    ],
)
def test_pictures_are_measured_from_their_first_bytes(content: bytes, size: tuple[int, int] | None) -> None:
    assert measure(content) == size
