"""The schedules of one machine: `python -m flows.schedules` serves them to the Prefect server until stopped."""

from datetime import timedelta
from functools import partial

from prefect import serve
from prefect.deployments.runner import RunnerDeployment

from flows.ingest import ingest
from flows.watch import watch

if __name__ == "__main__":
    serve(
        RunnerDeployment.from_flow(
            ingest, name="every-10-minutes", interval=timedelta(minutes=10), concurrency_limit=1
        ),
        RunnerDeployment.from_flow(watch, name="every-5-minutes", interval=timedelta(minutes=5), concurrency_limit=1),
    )
