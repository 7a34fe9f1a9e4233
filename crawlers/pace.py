"""One request at a time to a host, its delay apart, and none before the time that a host asked us to wait for."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawlers.state import HostState, State

PATIENCE = timedelta(seconds=60)


class HostWait(IgnoreRequest):
    """The host said Retry-After; nothing of it may be asked in this run."""


class Pace:
    """What is known of how slowly each host wants to be asked."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._delays = {key: host.delay for key, host in state.hosts.items()}

    def delay(self, host: str) -> float:
        """Return the seconds between two requests that the host itself asks for, 0 when it does not say."""
        return self._delays.get(host, 0.0)

    def slow_down(self, host: str, seconds: float) -> None:
        """Hold the host to at least that delay, in later runs too."""
        if seconds > self.delay(host):
            self._delays[host] = seconds
            self._state.save([HostState(key=host, delay=seconds)])

    def rest(self, host: str, until: datetime) -> None:
        """Ask the host nothing before that time."""
        self._state.save([HostState(key=host, delay=self.delay(host), not_before=until)])

    def resting(self, host: str, now: datetime) -> bool:
        """Return whether the host is to be left alone now."""
        known = self._state.hosts.get(host)
        return bool(known and known.not_before and known.not_before > now)


def retry_after(response: Response, now: datetime) -> timedelta | None:
    """Return how long an answer of 429 or 503 asks us to wait, None when it does not."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if response.status not in (429, 503) or not value:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value), 7 * 86400))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(until - now, timedelta()) if until.tzinfo else None
