"""The schedules of one machine: `python -m flows.schedules` serves them to the Prefect server until stopped."""

from datetime import timedelta
from functools import partial

from prefect import serve
from prefect.deployments.runner import RunnerDeployment

from flows.ingest import ingest
from flows.watch import watch

if __name__ == "__main__":
    schedule = partial(RunnerDeployment.from_flow, concurrency_limit=1)
    serve(
        schedule(ingest, name="every-10-minutes", interval=timedelta(minutes=10)),
        schedule(watch, name="every-5-minutes", interval=timedelta(minutes=5)),
    )
