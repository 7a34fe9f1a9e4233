"""What the first visitor would wait for, done when the application starts: counts, templates, the engine of charts."""

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


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Warm the application beside its first requests."""
    Thread(target=warm, args=(app.state.given,), daemon=True).start()
    yield


def warm(given: Given) -> None:
    """Read the overview once as nobody, compile every template, and start the engine of charts."""
    now = given.clock()
    nobody = User(name="", role=Role.VIEWER, active=False, created_at=now)
    try:
        overview(given.store, given.counts, given.desk, given.settings, given.health(), nobody, now)
    except MonitorError as error:
        logger.warning("not warmed: %s", error)
    for environment in given.renderer.environments.values():
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)
    svg(days_spec((), Wording(description="")))
    script()
