"""Kinds of values that several settings have: addresses of the web, tokens, hosts with a port."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, SecretStr


def begins_with(*schemes: str) -> AfterValidator:
    """Return what refuses an address that begins otherwise."""

    def check(url: str) -> str:
        if not url.startswith(schemes):
            raise ValueError(f"should begin with {' or '.join(schemes)}")
        return url

    return AfterValidator(check)


def _in_one_piece(token: SecretStr) -> SecretStr:
    """Copied tokens bring a line's end with them; one inside of them would break every call."""
    bare = token.get_secret_value().strip()
    if any(character.isspace() for character in bare):
        raise ValueError("should be one token without spaces")
    return SecretStr(bare)


WebUrl = Annotated[str, begins_with("https://", "http://")]
Token = Annotated[SecretStr, AfterValidator(_in_one_piece)]


def host_and_port(listen: str) -> tuple[str, int]:
    """Return host and port. Raises ValueError where there are none."""
    host, _, port = listen.rpartition(":")
    if not (host and port.isdecimal() and int(port) <= 65_535):
        raise ValueError("should look like 127.0.0.1:9464")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine only."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
