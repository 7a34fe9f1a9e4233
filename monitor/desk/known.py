"""Topics and places as people name them in forms, or the refusal of what is none."""

from monitor.errors import WrongInput
from monitor.provinces import province_code
from monitor.records import TOPICS


def known_topic(topic: str) -> str:
    """Return the topic.  Raises WrongInput when it is none."""
    if topic not in TOPICS:
        raise WrongInput("unknown.topic", topic=topic, known=", ".join(TOPICS))
    return topic


def known_place(place: str) -> str:
    """Return the code of a province named by name or code.  Raises WrongInput when it is none."""
    code = province_code(place)
    if code is None:
        raise WrongInput("unknown.place", place=place)
    return code
