"""What the first visitor would wait for, done when the application starts: counts, templates, the engine of charts."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import FastAPI

from briefing.charts import Wording, days_spec, svg
from dashboard.given import Given
from dashboard.overview import overview
from dashboard.script import script
from monitor.desk.users import Role, User
from monitor.errors import MonitorError

logger = logging.getLogger(__name__)


# A store that is away answers late; the dashboard is served all the same.
_PATIENCE = 2.0


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Serve once the pages are warm, at the latest after two seconds; charts are warmed beside the first requests."""
    pages = Thread(target=warm_pages, args=(app.state.given,), daemon=True)
    pages.start()
    Thread(target=warm_charts, daemon=True).start()
    await asyncio.to_thread(pages.join, _PATIENCE)
    yield


def warm_pages(given: Given) -> None:
    """Read the overview once as nobody, and compile every template."""
    now = given.clock()
    nobody = User(name="", role=Role.VIEWER, active=False, created_at=now)
    try:
        overview(given.store, given.counts, given.desk, given.settings, given.health(), nobody, now)
    except MonitorError as error:
        logger.warning("not warmed: %s", error)
    for environment in given.renderer.environments.values():
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)


def warm_charts() -> None:
    """Start the engine of charts, and make their script."""
    svg(days_spec((), Wording(description="")))
    script()
