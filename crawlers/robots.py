"""robots.txt by RFC 9309: absent means all is allowed, a server in trouble means wait."""

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

TOKEN = "LangNghe"
_READ = 500 << 10  # RFC 9309, 2.5: at least this much must be read


class Disallowed(IgnoreRequest):
    """robots.txt keeps this page from us."""


class RobotsWait(IgnoreRequest):
    """robots.txt could not be had, so nothing of the host may be asked in this run."""


def read_rules(response: Response) -> Protego:
    """Return the rules of a robots.txt answer.  Raises RobotsWait when the server is in trouble or asks for less."""
    if response.status >= 500 or response.status == 429:
        raise RobotsWait(f"robots.txt answered {response.status}")
    body = response.body[:_READ] if response.status < 300 else b""
    return Protego.parse(body.decode("utf-8-sig", "ignore"))
