"""One machine: a Prefect server, the schedules and the dashboard, all on loopback, until stopped."""

import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from monitor.config import Settings, make_home
from monitor.errors import MonitorError

PREFECT_PORT = 4200
_PATIENCE = 120.0  # A busy laptop takes more than the 20 s that Prefect waits for its own server.


def up(settings: Settings, environ: Mapping[str, str]) -> None:
    """Run until interrupted, or until one part ends: then the others are ended and a MonitorError says which."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    home = make_home(settings)
    env = {**environ, **prefect_environ(home)}
    parts = {"the Prefect server": _start(env, "-m", "prefect", "server", "start", "--host", "127.0.0.1")}
    try:
        _wait(f"{env['PREFECT_API_URL']}/health", parts)
        parts["the schedules"] = _start(env, "-m", "flows.schedules")
        parts["the dashboard"] = _start(env, "-m", "dashboard")
        _watch(parts)
    except KeyboardInterrupt:
        return
    finally:
        _stop(parts)


def prefect_environ(home: Path) -> dict[str, str]:
    """Return the environment that keeps everything of Prefect in the home and nothing on other machines."""
    return {
        "PREFECT_HOME": str((home / "prefect").resolve()),
        "PREFECT_API_URL": f"http://127.0.0.1:{PREFECT_PORT}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": f"{_PATIENCE:.0f}",
    }


def _start(env: Mapping[str, str], *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *words], env=env)


def _wait(url: str, parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        _check(parts)
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise MonitorError(f"the Prefect server did not answer at {url} within {_PATIENCE:.0f} s")


def _watch(parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    while True:
        _check(parts)
        time.sleep(1)


def _check(parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in parts.items():
        if process.poll() is not None:
            raise MonitorError(f"{name} ended with status {process.returncode}; its last lines are above")


def _stop(parts: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in reversed(list(parts.values())):
        process.terminate()
    for process in reversed(list(parts.values())):
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
