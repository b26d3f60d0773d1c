"""Which hosts are this machine, and which nobody can reach."""

from __future__ import annotations

import ipaddress

_NOWHERE = (".invalid", ".test", ".local", ".internal")


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine is meant."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_reserved(host: str) -> bool:
    """Whether it is an address that means nothing outside of a network of its own."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def is_nowhere(host: str) -> bool:
    """Whether no server of the world could be asked there: a reserved address, or a name that cannot be resolved."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host.endswith(_NOWHERE) or "." not in host
