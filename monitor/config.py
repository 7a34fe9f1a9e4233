"""The settings of one installation, read once from the environment and passed on as an argument."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from monitor.errors import ConfigError

Value = TypeVar("Value")

PREFIX = "LANGNGHE_"

_NAMED = re.compile(r"([a-z][a-z0-9_-]*)=([a-z+]+:.*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """`home` holds everything an installation writes; URLs choose store and desk; `notify` has addresses by channel."""

    home: Path
    store: str
    desk: str
    sources: Path | None = None
    rules: Path | None = None
    contact: str = ""
    notify: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    budget: float = 6.0
    voices: int = 5
    host: str = "127.0.0.1"
    port: int = 8000
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)

    @property
    def spool(self) -> Path:
        return self.home / "spool"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings of an environment.

    `LANGNGHE_NOTIFY` holds addresses (see monitor.notify.notifier), `LANGNGHE_NOTIFY_FILE` names a file with one a
    line; `health=URL` puts an address into the channel `health`, a bare one into `duty`.  Raises ConfigError that names
    the variable.
    """
    home = _read(environ, "HOME", Path, Path("data"))
    return Settings(
        home=home,
        store=_read(environ, "STORE", str, f"sqlite:///{home / 'langnghe.db'}"),
        desk=_read(environ, "DESK", str, f"sqlite:///{home / 'desk.db'}"),
        sources=_read(environ, "SOURCES", Path, None),
        rules=_read(environ, "RULES", Path, None),
        contact=_read(environ, "CONTACT", str, ""),
        notify=_channels(environ),
        budget=_read(environ, "BUDGET", _positive, 6.0),
        voices=_read(environ, "VOICES", int, 5),
        host=_read(environ, "HOST", str, "127.0.0.1"),
        port=_read(environ, "PORT", int, 8000),
        oidc_issuer=_read(environ, "OIDC_ISSUER", str, ""),
        oidc_client=_read(environ, "OIDC_CLIENT", str, ""),
        oidc_secret=_read(environ, "OIDC_SECRET", str, ""),
    )


def make_home(settings: Settings) -> Path:
    """Return the home, made if it was not there.  Raises ConfigError that names it."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{PREFIX}HOME={settings.home}: cannot be made: {error.strerror}") from None
    return settings.home


def _read(environ: Mapping[str, str], key: str, cast: Callable[[str], Value], default: Value) -> Value:
    text = environ.get(PREFIX + key, "")
    if not text:
        return default
    try:
        return cast(text)
    except ValueError:
        raise ConfigError(f"{PREFIX}{key}={text!r} is not valid: give {_wanted(cast)}") from None


def _wanted(cast: Callable[[str], Value]) -> str:
    return "a whole number" if cast is int else "a number above 0"


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _channels(environ: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    channels: dict[str, tuple[str, ...]] = {}
    for line in (*environ.get(PREFIX + "NOTIFY", "").split(), *_lines(environ.get(PREFIX + "NOTIFY_FILE", ""))):
        named = _NAMED.match(line)
        channel, address = (named[1], named[2]) if named else ("duty", line)
        channels[channel] = (*channels.get(channel, ()), address)
    return MappingProxyType(channels)


def _lines(path: str) -> list[str]:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines() if path else []
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{PREFIX}NOTIFY_FILE={path}: {getattr(error, 'strerror', 'not UTF-8')}") from None
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
