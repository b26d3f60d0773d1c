"""The gateway: connections over which sessions are begun, kept alive and taken up again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from . import views
from .guilds import Bot, Guild
from .sessions import KNOWN_INTENTS, PRIVILEGED, Session
from .starts import GUILDS_PER_SHARD, Starts
from .world import World

HEARTBEAT = 41.25  # seconds
_LONGEST_FRAME = 4096
_FRAMES, _FRAMES_WINDOW = 120, 60.0  # what a client may send over one connection, heartbeats included
_GREETINGS = 1000  # that are kept
_RESUMABLE = 20  # sessions without a connection that are kept
_IDENTIFY, _RESUME, _HEARTBEAT = 2, 6, 1


@dataclass(frozen=True, slots=True)
class Greeting:
    """An IDENTIFY or a RESUME, and whether it was taken."""

    at: datetime
    op: str
    shard: int
    taken: bool


class Closed(Exception):
    """The gateway closes the connection, with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Connection:
    """One websocket. Frames go out in the order in which they were put, through `frames`; a Closed ends it.

    A `deaf` one takes what comes and says nothing any more, as where the network between was lost.
    """

    def __init__(self, gateways: Gateways) -> None:
        self._gateways = gateways
        self._taken: deque[float] = deque(maxlen=_FRAMES)
        self.deaf = False
        self.session: Session | None = None
        self.frames: asyncio.Queue[str | Closed] = asyncio.Queue()
        self.cut_with = 0  # the code with which we closed; the client echoes one of its own

    def put(self, op: int, data: Any = None) -> None:
        """Send a frame that is no event."""
        self.frames.put_nowait(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def take(self, text: str) -> None:
        """Work on a frame of the client. Raises Closed."""
        self._count()
        if len(text.encode()) > _LONGEST_FRAME:
            raise Closed(4002, "Error while decoding payload.")
        try:
            frame = json.loads(text)
            op, data = int(frame["op"]), frame.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Closed(4002, "Error while decoding payload.") from None
        if op == _HEARTBEAT:
            self.put(11)
        elif op in (_IDENTIFY, _RESUME):
            self._begin(op, data if isinstance(data, dict) else {})
        elif self.session is None:
            raise Closed(4003, "Not authenticated.")
        elif op not in (3, 4, 8, 31):
            raise Closed(4001, "Unknown opcode.")

    def _count(self) -> None:
        now = self._gateways.world.now().timestamp()
        if len(self._taken) == _FRAMES and now - self._taken[0] < _FRAMES_WINDOW:
            raise Closed(4008, "Rate limited.")
        self._taken.append(now)

    def _begin(self, op: int, data: dict[str, Any]) -> None:
        if self.session:
            raise Closed(4005, "Already authenticated.")
        token = str(data.get("token") or "").removeprefix("Bot ").strip()
        if not token:
            raise Closed(4004, "Authentication failed.")
        bot = self._gateways.world.bot(token)
        if op == _RESUME:
            self._resume(bot, data)
        else:
            self._identify(bot, data)

    def _identify(self, bot: Bot, data: dict[str, Any]) -> None:
        session = Session(bot, _intents(data), _shard(data))
        guilds = [guild for guild in self._gateways.world.guilds.values() if session.holds(guild)]
        if len(guilds) > GUILDS_PER_SHARD:
            raise Closed(4011, "Sharding required.")
        soon = self._gateways.starts.too_soon(bot.id, session.shard[0])
        self._gateways.greet("IDENTIFY", session, taken=not soon)
        if soon:
            self.put(9, data=False)
            return
        self.session = session
        session.deliver = self.frames.put_nowait
        self._gateways.started(session)
        session.put("READY", _ready(session, guilds, self._gateways.url()))
        for guild in guilds:
            self._gateways.world.introduce(session, guild, joined=False)

    def _resume(self, bot: Bot, data: dict[str, Any]) -> None:
        session = self._gateways.world.sessions.get(str(data.get("session_id")))
        if session is None or session.bot is not bot or not isinstance(data.get("seq"), int):
            self.put(9, data=False)
            return
        session.deliver = self.frames.put_nowait
        kept = session.replay(data["seq"])
        self._gateways.greet("RESUME", session, taken=kept)
        if not kept:
            self._gateways.world.sessions.pop(session.id)
            self.put(9, data=False)
            return
        self.session = session
        session.put("RESUMED", {})

    def ended(self, code: int | None) -> None:
        """Keep the session for a RESUME unless the client said that it is done (1000, 1001)."""
        session, self.session = self.session, None
        if session is None or session.deliver != self.frames.put_nowait:
            return
        session.deliver = None
        if code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
            self._gateways.world.sessions.pop(session.id, None)


class Gateways:
    """Every connection to the gateway, and what can go wrong with them."""

    def __init__(self, world: World, url: Callable[[], str]) -> None:
        self.world = world
        self.url = url
        self._open: set[Connection] = set()
        self.starts = Starts(world.now)
        self.heartbeat = HEARTBEAT
        self.greetings: deque[Greeting] = deque(maxlen=_GREETINGS)

    def reset(self) -> None:
        """Forget how many sessions were begun; connections stay."""
        self.starts.reset()
        self.greetings.clear()
        self.heartbeat = HEARTBEAT

    def greet(self, op: str, session: Session, *, taken: bool) -> None:
        """Keep what a client said first, for tests to see."""
        self.greetings.append(Greeting(self.world.now(), op, session.shard[0], taken))

    def started(self, session: Session) -> None:
        """Note a new session, and forget the oldest of those that nobody took up again. Raises Closed."""
        if not self.starts.begin(session.bot.id):
            raise Closed(4004, "Authentication failed.")  # too many in a day: Discord makes the token void
        self.world.sessions[session.id] = session
        lost = [one for one in self.world.sessions.values() if one.deliver is None]
        for one in lost[:-_RESUMABLE]:
            del self.world.sessions[one.id]
        self.world.arrived()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=1 << 20, compress=False)
        await socket.prepare(request)
        connection = Connection(self)
        self._open.add(connection)
        writer = asyncio.get_running_loop().create_task(_write(socket, connection), name="gateway writer")
        connection.put(10, {"heartbeat_interval": int(self.heartbeat * 1000), "_trace": []})
        try:
            await self._read(socket, connection, request)
            with contextlib.suppress(ConnectionError):
                await writer
        finally:
            writer.cancel()
            self._open.discard(connection)
            connection.ended(connection.cut_with or socket.close_code)
        return socket

    async def _read(self, socket: web.WebSocketResponse, connection: Connection, request: web.Request) -> None:
        try:
            _check_version(request)
            while True:
                message = await socket.receive(timeout=HEARTBEAT * 1.5)
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    connection.frames.put_nowait(Closed(socket.close_code or 1000, ""))
                    return
                connection.take(message.data if message.type is WSMsgType.TEXT else message.data.decode())
        except TimeoutError:
            connection.frames.put_nowait(Closed(4009, "Session timed out."))
        except Closed as closed:
            connection.frames.put_nowait(closed)

    # ── what tests do to connections ─────────────────────────────────────────────────────────────────────────────

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every client that its session is void."""
        for connection in self._sessions():
            if not resumable and connection.session:
                self.world.sessions.pop(connection.session.id, None)
            connection.put(9, data=resumable)

    def ask_to_reconnect(self) -> None:
        """Tell every client to connect again."""
        for connection in self._sessions():
            connection.put(7)

    def deafen(self) -> None:
        """Say nothing any more on the connections that stand; nobody closes them."""
        for connection in self._sessions():
            connection.deaf = True

    def cut(self, code: int) -> None:
        """Close every connection with that code."""
        for connection in self._sessions():
            connection.frames.put_nowait(Closed(code, "closed by the sandbox"))

    def fall_behind(self, events: int) -> None:
        """Close every connection; what is taken up again begins so many events before its end, at the latest."""
        for connection in self._sessions():
            if connection.session:
                connection.session.behind = events
        self.cut(4000)

    def say(self, name: str, data: Any) -> None:
        """Send every client an event, whatever it is."""
        for connection in self._sessions():
            if connection.session:
                connection.session.put(name, data)

    def close(self) -> None:
        """End every connection."""
        for connection in tuple(self._open):
            connection.frames.put_nowait(Closed(WSCloseCode.GOING_AWAY, "the sandbox stops"))

    def _sessions(self) -> list[Connection]:
        return [connection for connection in self._open if connection.session]


async def _write(socket: web.WebSocketResponse, connection: Connection) -> None:
    while True:
        frame = await connection.frames.get()
        if isinstance(frame, Closed):
            connection.cut_with = frame.code
            await socket.close(code=frame.code, message=str(frame).encode())
            return
        if not connection.deaf:
            await socket.send_str(frame)


def _ready(session: Session, guilds: list[Guild], url: str) -> dict[str, Any]:
    return {
        "v": 10,
        "user": views.me(session.bot),
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": url,
        "shard": list(session.shard),
        "application": {"id": str(session.bot.id), "flags": 0},
        "private_channels": [],
        "relationships": [],
        "user_settings": {},
    }


def _check_version(request: web.Request) -> None:
    if request.query.get("v", "10") != "10" or request.query.get("encoding", "json") != "json":
        raise Closed(4012, "Invalid API version")


def _intents(data: dict[str, Any]) -> int:
    intents = data.get("intents")
    if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
        raise Closed(4013, "Invalid intent(s).")
    if intents & PRIVILEGED:
        raise Closed(4014, "Disallowed intent(s).")
    return intents


def _shard(data: dict[str, Any]) -> tuple[int, int]:
    shard = data.get("shard") or [0, 1]
    if not (isinstance(shard, list) and len(shard) == 2 and all(isinstance(one, int) for one in shard)):
        raise Closed(4010, "Invalid shard.")
    number, count = shard
    if not 0 <= number < count:
        raise Closed(4010, "Invalid shard.")
    return number, count
