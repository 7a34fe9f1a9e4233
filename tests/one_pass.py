"""One plain pass over a home: crawl, ingest, annotate; started as a process, so that it can be killed anywhere."""

import os
from datetime import UTC, datetime

from crawlers.crawl import crawl
from crawlers.sources import load
from flows import stages
from monitor.config import load_settings
from monitor.store import open_store
from nlp.annotate import Annotator
from nlp.redact import redact


def main() -> None:
    settings = load_settings(os.environ)
    assert settings.sources
    crawl(
        load(settings.sources),
        data=settings.home,
        redact=lambda text, names: redact(text, names=names),
        now=lambda: datetime.now(UTC),
        environ=os.environ,
    )
    with open_store(settings.store) as store:
        stages.ingest_spool(settings.spool, store, datetime.now(UTC))
        stages.annotate(store, Annotator.load())


if __name__ == "__main__":
    main()
