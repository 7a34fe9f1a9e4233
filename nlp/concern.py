"""Concern: the chance that a document reports a problem of residents that an agency must answer."""

import math


def concern(logit: float) -> float:
    """Return the probability; training has fitted the logit so that of items at 0.3, three in ten are concerns."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), 4)
