"""What the demo leaves behind when a stranger runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the demo printed, where it kept everything, its store, and when it began."""

    text: str
    home: Path
    store: str
    began: datetime


def show(home: Path, store: str = "") -> Shown:
    """Run the demo in a folder; without a store it keeps its own there."""
    began = datetime.now(UTC)
    command = [sys.executable, "-m", "cli", "demo", "--home", str(home), *(["--store", store] if store else [])]
    done = subprocess.run(command, env=environ(), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return Shown(text=done.stdout, home=home, store=store or f"sqlite:///{home}/langnghe.db", began=began)


def environ(**own: str) -> dict[str, str]:
    """Return the environment without settings of whoever runs the tests, and with these."""
    return {k: v for k, v in os.environ.items() if not k.startswith("LANGNGHE_")} | {"COLUMNS": "160"} | own
