"""Addresses: one spelling for every page, so that everybody who subscribes to it shares one source."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from .errors import CommandError
from .languages import _

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2000

# What newsletters, social networks and the publishers themselves append to follow a reader around. `at_` and `ns_`
# are the BBC's, `xtor` is AT Internet's, `cmp` the Guardian's, `mc_` Mailchimp's, `pk_` and `mtm_` Matomo's.
TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mc_", "pk_", "mtm_", "hsa_", "_hs", "wt.")
_TRACKING = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id xtor cmp ocid icid
    s_cid wt_mc wt_zmc ito smid smtyp ref_src ref_url cmpid intlink_from_url link_location guccounter
"""
TRACKING_NAMES = frozenset(_TRACKING.split())
# A shared link to one entry is an address of its page: the BBC's two renderers, and the Guardian's.
PERMALINKS = {
    "bbc.co.uk": re.compile(r"(post|pinned_post_\w+)="),
    "bbc.com": re.compile(r"(post|pinned_post_\w+)="),
    "theguardian.com": re.compile(r"page=with(:|%3A)", re.IGNORECASE),
}
_BARE = re.compile(r"[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}(:\d+)?([/?#].*)?", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")


def canonical_url(url: str) -> str:
    """Return the one spelling of a page's address under which a source is kept.

    Scheme and host in lower case, the default port, the fragment, tracking parameters and the choice of one entry
    dropped; a bare `host.tld/path` is taken for https. Raises CommandError with a sentence for whoever typed it.
    """
    typed = url.strip().removeprefix("<").removesuffix(">")
    if "://" not in typed and _BARE.fullmatch(typed):
        typed = f"https://{typed}"
    if len(typed) > LONGEST_URL:
        raise CommandError(_("That address is longer than {most} characters.").format(most=LONGEST_URL))
    if not typed.lower().startswith(("http://", "https://")):
        raise CommandError(_("That is no web address: it should begin with https://."))
    try:
        return _canonical(typed)
    except (ValueError, UnicodeError):
        raise CommandError(_("That address cannot be read: check how it is spelt.")) from None


def _canonical(typed: str) -> str:
    parts = urlsplit(typed)
    host = _host(parts.hostname or "")
    if parts.username is not None or parts.password is not None:
        raise CommandError(_("An address with a name and password in it is not accepted: leave them out."))
    if not _HOST.fullmatch(host) or _UNSAFE.search(typed.partition("#")[0]):
        raise ValueError(typed)
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    query = quote(_without_permalink(host, without_tracking_query(parts.query)), safe="/%:@!$&'()*+,;=~-._?[]")
    return urlunsplit((parts.scheme, host + port, path, query, ""))


def _host(host: str) -> str:
    """Return the host as it is asked for: lower case, ASCII, without the root's dot; IPv6 in its brackets."""
    if ":" in host:
        return f"[{host.lower()}]"
    return host.rstrip(".").encode("idna").decode("ascii").lower()


def _without_permalink(host: str, query: str) -> str:
    for site, pattern in PERMALINKS.items():
        if host == site or host.endswith(f".{site}"):
            return "&".join(pair for pair in query.split("&") if not pattern.match(pair))
    return query


def without_tracking(url: str) -> str:
    """Return a link without its tracking parameters, otherwise as it was; never raises."""
    head, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    kept = without_tracking_query(query)
    return head + (f"?{kept}" if kept else "") + hash_mark + fragment


def without_tracking_query(query: str) -> str:
    """Return a query without tracking parameters; the order and spelling of the others stay."""
    return "&".join(pair for pair in query.split("&") if pair and not _tracks(pair))


def _tracks(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)
