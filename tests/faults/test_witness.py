"""What the judge of the real processes excuses, and what it does not."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.page import LivePage
from sandbox.platform import Call, Shown
from tests.faults.paper import Paper
from tests.faults.witness import unheard

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SENT = {"ok": True, "result": {"message_id": 7}}


def _call(method: str, meant: Any, *, chat: str = "1", fault: str = "", **request: Any) -> Call:
    return Call(NOON, "telegram", "2", method, chat, request, 200, meant, fault=fault, meant=meant)


def _calm(_since: datetime, _until: datetime) -> bool:
    return False


@pytest.mark.parametrize("fault", ["500_after", "reset_after", "hang_after", "bad_json"])
def test_a_message_whose_acceptance_was_never_told_has_no_name(fault: str) -> None:
    assert unheard([_call("sendMessage", SENT, fault=fault)], "1", _calm) == {"7"}


def test_every_picture_of_an_album_whose_acceptance_was_never_told_has_no_name() -> None:
    album = {"ok": True, "result": [{"message_id": 7}, {"message_id": 8}]}
    assert unheard([_call("sendMediaGroup", album, fault="reset_after")], "1", _calm) == {"7", "8"}


def test_a_message_of_whose_acceptance_a_troubled_process_was_told_may_have_no_name() -> None:
    assert unheard([_call("sendMessage", SENT)], "1", lambda since, until: since <= NOON <= until) == {"7"}


@pytest.mark.parametrize(
    "named",
    [
        _call("editMessageText", {"ok": True, "result": True}, message_id=7, text="x"),
        _call("deleteMessages", {"ok": True, "result": True}, message_ids=[7]),
        _call("sendMessage", {"ok": True, "result": {"message_id": 8}}, reply_parameters={"message_id": 7}),
    ],
)
def test_a_message_that_a_call_named_is_known(named: Call) -> None:
    assert not unheard([_call("sendMessage", SENT, fault="500_after"), named], "1", _calm)


def test_a_message_whose_acceptance_was_told_is_known() -> None:
    assert not unheard([_call("sendMessage", SENT)], "1", _calm)


def test_a_refused_message_of_another_chat_and_a_read_leave_nothing() -> None:
    refused = {"ok": False, "error_code": 429}
    calls = [
        _call("sendMessage", refused, fault="429"),
        _call("sendMessage", SENT, chat="2", fault="500_after"),
        _call("getChat", {"ok": True, "result": {"id": 1}}, fault="500_after"),
    ]
    assert not unheard(calls, "1", _calm)


def _shown(id_: str, text: str) -> Shown:
    return Shown(id_, text, (), edited=False, pinned=False, silent=False, sent_at=NOON)


@pytest.fixture
def paper() -> Paper:
    written = Paper(LivePage(), random.Random(0))
    written.posts = {"Post 1": "v0"}
    return written


def test_an_unheard_copy_is_excused_where_another_follows_and_after_a_withdrawal(paper: Paper) -> None:
    copy, last, gone = _shown("1", "Post 1: v0"), _shown("2", "Post 1: v0"), _shown("3", "Post 2: v0")
    assert paper.surplus((copy, last, gone), {"1", "2", "3"}) == [copy, gone]


def test_a_copy_that_was_heard_of_is_never_excused(paper: Paper) -> None:
    copy, last = _shown("1", "Post 1: v0"), _shown("2", "Post 1: v0")
    assert not paper.surplus((copy, last), {"2"})
    assert paper.judge((copy, last)) == ["Post 1 is there 2 times"]


def test_the_only_message_of_a_post_is_never_excused(paper: Paper) -> None:
    assert not paper.surplus((_shown("1", "Post 1: v3"),), {"1"})
