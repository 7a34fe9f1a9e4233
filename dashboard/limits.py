"""Rate limits: a bucket of tokens for each key, in the memory of one process."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from dashboard.errors import TooMany

_REMEMBERED = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """So many at once, and so many more each second."""

    burst: float
    per_second: float


# One person reading fast opens a page a second with a few charts each; a script may do the same.
READS = Rate(burst=120, per_second=10)
WRITES = Rate(burst=30, per_second=0.5)
STRANGERS = Rate(burst=60, per_second=2)


@dataclass(kw_only=True, slots=True)
class Limiter:
    """Buckets of the keys seen last."""

    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str, rate: Rate, seconds: float) -> None:
        """Take one token at a time in seconds.  Raises TooMany when the bucket is empty."""
        with self._lock:
            tokens, before = self._buckets.pop(key, (rate.burst, seconds))
            tokens = min(rate.burst, tokens + max(0.0, seconds - before) * rate.per_second)
            self._buckets[key] = (max(tokens - 1, 0.0) if tokens >= 1 else tokens, seconds)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        if tokens < 1:
            raise TooMany(wait=max(1, round((1 - tokens) / rate.per_second)))
