"""The ingest flow: due sources to the spool, the spool to the store, the store's new documents to annotations."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

from prefect import flow, task

from flows import stages
from flows.retrying import WAITS, unreachable
from monitor.config import Settings, load_settings
from monitor.errors import MonitorError
from monitor.store import open_store
from nlp.annotate import Annotator


@task(tags=["crawl"])
def crawl(settings: Settings) -> Counter[str]:
    """Crawl in a process of its own (a reactor runs once) and return pages by outcome."""
    done = subprocess.run([sys.executable, "-m", "cli", "crawl", "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MonitorError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "the crawl ended early")
    return Counter(json.loads(done.stdout))


@task(retries=len(WAITS), retry_delay_seconds=list(WAITS), retry_condition_fn=unreachable)
def take_spool(settings: Settings) -> Counter[str]:
    """Put the whole files of the spool into the store."""
    with open_store(settings.store) as store:
        return stages.ingest_spool(settings.spool, store, datetime.now(UTC))


@task(retries=len(WAITS), retry_delay_seconds=list(WAITS), retry_condition_fn=unreachable)
def annotate(settings: Settings) -> int:
    """Annotate what is new and return how many documents that were."""
    with open_store(settings.store) as store:
        return stages.annotate(store, Annotator.load())


@flow(name="ingest")
def ingest() -> dict[str, int]:
    """Crawl, keep and annotate; a failed crawl still lets through what earlier ones left in the spool."""
    settings = load_settings(os.environ)
    crawled = crawl(settings, return_state=True)
    outcomes = take_spool(settings)
    annotated = annotate(settings)
    pages = crawled.result()
    return {**pages, **outcomes, "annotated": annotated}


@flow(name="annotate")
def annotate_rest() -> int:
    """Annotate what other machines kept or older models read, and return how many documents that were."""
    return annotate(load_settings(os.environ))
