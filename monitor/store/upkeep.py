"""What the administrator of a store does now and then, by URL: set up, migrate."""

import os
from collections.abc import Callable, Mapping
from datetime import timedelta

from monitor.store import open_store


def setup(url: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Make what is missing and return what was done; again, it changes nothing."""
    if not url.startswith("http"):
        open_store(url).close()
        return [f"{url}: is set up"]
    from monitor.store.elastic_client import connect
    from monitor.store.elastic_setup import setup as set_up

    return set_up(connect(url, environ))


def migrate(url: str, seen: Callable[[int], None], environ: Mapping[str, str] = os.environ) -> list[str]:
    """Bring a store to the fields of this version and return what was done; readers go on, writers wait."""
    if not url.startswith("http"):
        open_store(url).close()
        return [f"{url}: is of this version"]
    from monitor.store.elastic_client import connect
    from monitor.store.elastic_renewal import migrate as bring_over

    return bring_over(connect(url, environ, patience=timedelta(minutes=5)), seen)
