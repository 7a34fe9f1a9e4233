"""Distinct voices without identities: a keyed hash whose key lives one day of Viet Nam."""

import os
from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

from crawlers.spool import writing
from monitor.records import VIETNAM


def daily_key(path: Path, now: datetime, fresh: Callable[[int], bytes] = token_bytes) -> bytes:
    """Return the key of the day, 32 bytes; a new day overwrites the old key, and no one can be followed over it.

    The file is readable by its owner alone.  Raises StoreUnavailable.
    """
    day = now.astimezone(VIETNAM).date().isoformat()
    with writing(path):
        kept, _, key = path.read_text("ascii").partition(" ") if path.exists() else ("", "", "")
        if kept == day and len(key) == 64:
            return bytes.fromhex(key)
        new = fresh(32)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{day} {new.hex()}")
    return new


def voice(key: bytes, writer: str) -> str:
    """Return 16 hex digits that stand for the writer under this key."""
    return blake2b(writer.encode(), key=key, digest_size=8).hexdigest()
