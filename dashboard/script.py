"""The one script of the pages: Vega, Vega-Lite and Vega-Embed out of vl-convert, and what makes charts of pictures."""

import gzip
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

_SNIPPET = Path(__file__).with_name("charts.js").read_text(encoding="utf-8")
_NAME = blake2b(f"{version('vl-convert-python')} {_SNIPPET}".encode(), digest_size=6).hexdigest()

SCRIPT_PATH = f"/charts-{_NAME}.js"
"""The address changes with the content."""


@cache
def script() -> bytes:
    """Return the script, compressed by gzip; the first call takes a second."""
    import vl_convert

    return gzip.compress(vl_convert.javascript_bundle(_SNIPPET).encode())
