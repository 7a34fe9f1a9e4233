"""The application: pages and API over one store and one desk."""

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import Depends, FastAPI

from dashboard import deeds_books, deeds_issues, deeds_people
from dashboard.bodies import BodyLimit
from dashboard.charts import add_charts
from dashboard.counting import Counts
from dashboard.deeds import add_deeds
from dashboard.exporting import add_exports
from dashboard.files import add_files
from dashboard.given import Given, Health
from dashboard.headers import SecurityHeaders
from dashboard.listening import health_reader, publisher_names
from dashboard.pages import add_pages
from dashboard.refusals import add_refusals
from dashboard.rendering import load_renderer
from dashboard.signing import add_signing
from dashboard.uploads import add_uploads
from dashboard.visitor import gate, unforged
from dashboard.vouching import add_vouching
from dashboard.warming import warmed
from dashboard.words import load_words
from monitor.config import Settings, make_home
from monitor.desk import Desk
from monitor.store import Store, open_store


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    desk: Desk | None = None,
    clock: Callable[[], datetime] | None = None,
    health: Callable[[], Health] | None = None,
) -> FastAPI:
    """Return the dashboard over what is given, else over what the settings name."""
    if store is None or desk is None:
        make_home(settings)
    given = _given(
        settings,
        store or open_store(settings.store),
        desk or Desk(settings.desk),
        clock or _now,
        health or health_reader(settings),
    )
    app = FastAPI(
        title="Lắng Nghe",
        lifespan=warmed,
        version="1",
        dependencies=[Depends(gate), Depends(unforged)],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.given = given
    add_refusals(app)
    add_files(app, given)
    add_charts(app, given)
    add_signing(app, given)
    add_vouching(app, given)
    add_uploads(app, given)
    add_exports(app, given)
    add_deeds(app, given, (*deeds_issues.DEEDS, *deeds_books.DEEDS, *deeds_people.DEEDS))
    add_pages(app, given)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    return app


def _given(
    settings: Settings, store: Store, desk: Desk, clock: Callable[[], datetime], health: Callable[[], Health]
) -> Given:
    return Given(
        settings=settings,
        store=store,
        desk=desk,
        clock=clock,
        counts=Counts(store=store, clock=clock),
        health=health,
        renderer=load_renderer(load_words(), publisher_names(health().sources)),
    )


def _now() -> datetime:
    return datetime.now(UTC)
