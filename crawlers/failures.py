"""Why something could not be fetched, and whether trying again may help."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from crawlers.pace import HostWait
from crawlers.robots import Disallowed, RobotsWait
from monitor.records import FeedStatus

_STATUSES = frozenset((408, 425, 429, 500, 502, 503, 504, 522, 524))
_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)


def may_pass(cause: int | BaseException | None) -> bool:
    """Return whether a status or an error is one that a later run may not meet."""
    return cause in _STATUSES if isinstance(cause, int) else isinstance(cause, _ERRORS)


def explain(error: BaseException | None) -> tuple[FeedStatus, str]:
    """Return how a feed whose request ended so is found, and why, in one line."""
    if isinstance(error, Disallowed):
        return FeedStatus.DISALLOWED, str(error)
    if isinstance(error, RobotsWait | HostWait):
        return FeedStatus.WAITING, str(error)
    reason = str(error) if isinstance(error, IgnoreRequest) else f"{type(error).__name__}: {error}"
    return FeedStatus.FAILED, reason.splitlines()[0]
