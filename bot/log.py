"""Logs: short dotted events with facts, on stderr; never a secret, not even in a traceback."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping, Sequence
from typing import IO, Any

import structlog

# A Telegram token, wherever it stands (httpx logs the address of every call); interaction tokens are as long as a page.
_TELEGRAM_TOKEN = re.compile(r"(?<!\d)\d{6,}+:[\w-]{30,}")
_LONG_TOKEN = re.compile(r"(?<=/)[\w-]{60,}(?=/|\b)")
_HIDDEN = "(hidden)"
# What would drive the terminal that shows the log, or look like a line of its own. Tracebacks have lines.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SEVERAL_LINES = frozenset({"exception", "stack"})
# These tell every call at INFO, with the token in its address.
_CHATTY = ("httpx", "httpcore", "discord", "telegram", "aiosqlite", "alembic", "sqlalchemy")


class Redactor:
    """Takes secrets out of whatever is about to be written: those that are known, and what looks like one."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Redact the facts of an event (a structlog processor)."""
        return {name: self._cleaned(value, lines=name in _SEVERAL_LINES) for name, value in event.items()}

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _LONG_TOKEN.sub(_HIDDEN, _TELEGRAM_TOKEN.sub(_HIDDEN, text))

    def _cleaned(self, value: Any, *, lines: bool) -> Any:
        if isinstance(value, int | float | bool | type(None)):
            return value
        text = self.clean(str(value))
        if lines:
            return "\n".join(_CONTROLS.sub(" ", line) for line in text.splitlines())
        return _CONTROLS.sub(" ", text)


def set_up(
    level: str = "info", style: str = "auto", secrets: Sequence[str] = (), stream: IO[str] | None = None
) -> None:
    """Send every log line, ours and the libraries', through one redacted stream (stderr by default).

    `style`: text, json, or auto: text where a person looks at it, JSON elsewhere.
    """
    out = stream or sys.stderr
    as_text = style == "text" or (style == "auto" and out.isatty())
    redact = Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=not as_text),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    last: Any = structlog.processors.JSONRenderer()
    if as_text:
        last = structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    # Failures of jobs reach us as exceptions (`scheduler.Scheduler`); told here, too, each would be told twice.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
