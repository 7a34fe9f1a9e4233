"""Errors of the dashboard beyond those of the core, and the one shape in which every error leaves.

MonitorError
└── Refused            a request that is not served: status and code
    ├── NotSignedIn    401
    ├── NotAllowed     403
    ├── Forged         403, the form did not come from a page of ours
    ├── NotFound       404
    └── TooMany        429, with the seconds to wait
LookupError
└── UnknownWord        a template names a key that words.toml does not hold
"""

from dataclasses import dataclass

from monitor.errors import MonitorError


class UnknownWord(LookupError):
    """A template names a key that words.toml does not hold."""


class Refused(MonitorError):
    """A request that is not served; `why` names its sentence in the table `refused` of words.toml."""

    status = 400
    code = "bad_request"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotSignedIn(Refused):
    """Nobody is signed in, or the session is over."""

    status = 401
    code = "not_signed_in"


class NotAllowed(Refused):
    """The role or the scope of the token does not reach so far."""

    status = 403
    code = "not_allowed"


class Forged(Refused):
    """The form did not come from a page of ours, or the session is another one now."""

    status = 403
    code = "forged"


class NotFound(Refused):
    """There is nothing at this address."""

    status = 404
    code = "not_found"


class TooMany(Refused):
    """Too many requests; `wait` is in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, wait: int) -> None:
        super().__init__("too_many")
        self.wait = wait


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorDetail:
    """`code` is stable; `message` is one line for people."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorBody:
    """What every error of the API looks like."""

    error: ErrorDetail
