"""What came in and is not done yet: recorded before the platform hears that we have it, and done once.

recorded ─ done in one transaction with its answer ─▶ answered ─ the answer is out ─▶ done
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ..model import Address, User
from ..ports import Answer, Arrival, Button, Command, Incoming, Link, Membership, Migration, Role
from ..richtext import RichText
from .schema import command

_KINDS: dict[str, type[Incoming]] = {kind.__name__: kind for kind in (Command, Membership, Migration)}


@dataclass(frozen=True, slots=True)
class Open:
    """Something recorded that is not done. `answer`: what it asked for is done, and this is still to be said.

    `begun` counts how often it was taken up before, so that what kills a process does not do so for ever.
    """

    id: int
    incoming: Incoming
    answer: Answer | None = None
    begun: int = 0


def to_json(incoming: Incoming) -> dict[str, Any]:
    """Return what came in as JSON."""
    return {"is": type(incoming).__name__, **asdict(incoming)}


def from_json(stored: dict[str, Any]) -> Incoming:
    """Return what `to_json` was given."""
    values: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in stored.items()}
    kind = _KINDS[values.pop("is")]
    values["address"] = Address(**values["address"])
    if values.get("given_in"):
        values["given_in"] = Address(**values["given_in"])
    if "user" in values:
        values["user"] = User(**values["user"])
    if values.get("role"):
        values["role"] = Role(**values["role"])
    if values.get("arrival"):
        values["arrival"] = _arrival(**values["arrival"])
    return kind(**values)


def _arrival(by: dict[str, str], rights_notes: list[str], **more: Any) -> Arrival:
    return Arrival(by=User(**by), rights_notes=tuple(rights_notes), **more)


async def record(connection: AsyncConnection, incoming: Incoming, now: datetime) -> bool:
    """Write down what came in; False if it was recorded before."""
    row = insert(command).values(
        platform=incoming.address.platform,
        bot=incoming.address.bot,
        command_id=incoming.id,
        content={"incoming": to_json(incoming)},
        recorded_at=now,
    )
    once = row.on_conflict_do_nothing(index_elements=["platform", "bot", "command_id"])
    return (await connection.execute(once.returning(command.c.id))).first() is not None


async def open_ones(
    connection: AsyncConnection,
    bots: Iterable[tuple[str, str]],
    limit: int = 50,
    *,
    without: Collection[int] = (),
    chats: Collection[str] = (),
    people: Collection[str] = (),
    names: Collection[str] = (),
) -> list[Open]:
    """Return what waits for these bots (platform, bot), in the order in which it came.

    `without` these, and without what came from these chats and people, and commands of these names, however much of it
    waits before the rest.
    """
    told = command.c.content["incoming"]
    waiting = (
        select(command.c.id, command.c.content)
        .where(
            command.c.done_at.is_(None),
            tuple_(command.c.platform, command.c.bot).in_(list(bots)),
            command.c.id.not_in(list(without)),
            told["address"]["chat"].as_string().not_in(list(chats)),
            func.coalesce(told["user"]["id"].as_string(), "").not_in(list(people)),
            func.coalesce(told["name"].as_string(), "").not_in(list(names)),
        )
        .order_by(command.c.id)
        .limit(limit)
    )
    return [_open(row.id, row.content) for row in (await connection.execute(waiting)).all()]


def _open(id_: int, stored: dict[str, Any]) -> Open:
    answer = stored.get("answer")
    said = None if answer is None else _answer_from_json(answer)
    return Open(id_, from_json(stored["incoming"]), said, stored.get("begun", 0))


def _answer_to_json(answer: Answer) -> dict[str, Any]:
    buttons = [[list(astuple(button)) for button in row] for row in answer.buttons]
    links = [[link.label, link.url] for link in answer.links]
    told = {"text": answer.text.to_json(), "buttons": buttons, "links": links}
    return {**told, "asks": answer.asks, "aside": answer.aside, "picks": list(answer.picks), "passing": answer.passing}


def _answer_from_json(stored: Any) -> Answer:
    """Return what `_answer_to_json` was given, or, from before there were buttons, the bare text."""
    if isinstance(stored, list):
        return Answer(RichText.from_json(stored))
    buttons = tuple(tuple(Button(*button) for button in row) for row in stored["buttons"])
    links = tuple(Link(*link) for link in stored.get("links", []))
    picks = tuple(stored.get("picks", []))
    passing = stored.get("passing", False)
    return Answer(RichText.from_json(stored["text"]), buttons, stored["asks"], stored["aside"], links, picks, passing)


async def begin(connection: AsyncConnection, waiting: Open) -> None:
    """Write down that something is taken up once more."""
    answer = None if waiting.answer is None else _answer_to_json(waiting.answer)
    stored = {"incoming": to_json(waiting.incoming), "answer": answer, "begun": waiting.begun + 1}
    await connection.execute(update(command).where(command.c.id == waiting.id).values(content=stored))


async def answered(connection: AsyncConnection, waiting: Open, answer: Answer) -> None:
    """Write down that what was asked is done, and what is to be said about it; in the transaction that did it."""
    stored = {"incoming": to_json(waiting.incoming), "answer": _answer_to_json(answer)}
    await connection.execute(update(command).where(command.c.id == waiting.id).values(content=stored))


async def done(connection: AsyncConnection, id_: int, now: datetime) -> None:
    """Write down that nothing is left to do; only the id is kept, so that the same one is not done again."""
    await connection.execute(update(command).where(command.c.id == id_).values(content=None, done_at=now))
