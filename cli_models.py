"""`langnghe train` and `langnghe evaluate`: what whoever keeps the models does at a terminal."""

import json
import os
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.records import digest
from monitor.store import open_store
from terminal import StoreUrl, put_line, store_url


class Part(StrEnum):
    """What can be trained alone: the networks take some six minutes, what detection learns about as many."""

    NETWORKS = "networks"
    DETECTION = "detection"


def train(
    data: Annotated[Path, typer.Argument(help="The folder with labels/, comments/, news_stream/.")],
    models: Annotated[Path | None, typer.Option(help="Where models are written; default those in use.")] = None,
    only: Annotated[Part | None, typer.Option(help="Only the networks, or only what detection learns.")] = None,
    judged: Annotated[
        Path | None, typer.Option(help="Alerts that the office judged: a file of `langnghe labels`.")
    ] = None,
    store: StoreUrl = "",
) -> None:
    """Rebuild every model from labelled files; what the office judged, of documents in its store, is learned too.

    Example: `langnghe train ../shared/data --judged judged.jsonl`
    """
    from nlp.stories.judged import office_stories
    from nlp.stories.train import DETECTORS, train_stories
    from nlp.train import MODELS
    from nlp.train import train as train_networks

    with open_store(store_url(store)) if judged else nullcontext() as opened:
        office = office_stories(judged, lambda url: opened.get(digest(url))) if judged and opened else []
    if only is not Part.DETECTION:
        train_networks(data, models or MODELS)
    if only is not Part.NETWORKS:
        train_stories(data, models or MODELS, models or DETECTORS, office)


def evaluate(
    data: Annotated[Path | None, typer.Argument(help="The folder with labels/; default LANGNGHE_DATA.")] = None,
) -> None:
    """Print the figures of the models in use, with intervals.

    Example: `langnghe evaluate ../shared/data`
    """
    from nlp.evaluate import evaluate as evaluate_models

    figures = evaluate_models(data or Path(os.environ.get("LANGNGHE_DATA", "../shared/data")))
    put_line(json.dumps(figures, ensure_ascii=False))
