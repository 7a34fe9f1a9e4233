"""The schedules of one machine: `python -m flows.schedules` serves them to the Prefect server until stopped."""

from datetime import timedelta

from prefect import serve

from flows.ingest import ingest
from flows.watch import watch

if __name__ == "__main__":
    serve(
        ingest.to_deployment(name="every-10-minutes", interval=timedelta(minutes=10), concurrency_limit=1),
        watch.to_deployment(name="every-5-minutes", interval=timedelta(minutes=5), concurrency_limit=1),
    )
