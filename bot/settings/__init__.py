"""The settings: read once, from a file, the environment and secret files, and complained about kindly.

What says more about this installation wins: a default, then the file, then `LIVERELAY_SECTION__NAME`, then a secret
file (`LIVERELAY_SECTION__NAME_FILE`, or a file `section__name` in `LIVERELAY_SECRETS_DIR` or in the directory in which
systemd gives credentials). docs/settings.md describes every setting; config/liverelay.toml holds them all.
"""

from __future__ import annotations

from .reading import OTHER_NAMES, PREFIX, find, keys, load, secret_files
from .sections import Settings

__all__ = ["OTHER_NAMES", "PREFIX", "Settings", "find", "keys", "load", "secret_files"]
