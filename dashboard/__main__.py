"""`python -m dashboard`: serve the dashboard with the settings of the environment."""

import os
import sys

import uvicorn

from dashboard.app import create_app
from monitor.config import load_settings
from monitor.errors import MonitorError


def main() -> int:
    """Serve until stopped; a known error is one line and exit status 1."""
    try:
        settings = load_settings(os.environ)
        app = create_app(settings)
    except MonitorError as error:
        sys.stderr.write(f"dashboard: {error}\n")
        return 1
    uvicorn.run(app, host=settings.host, port=settings.port, server_header=False, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
