"""The style sheet, under an address that changes with its content."""

from hashlib import blake2b
from pathlib import Path

STYLE = Path(__file__).with_name("style.css").read_bytes()
STYLE_PATH = f"/style-{blake2b(STYLE, digest_size=6).hexdigest()}.css"
