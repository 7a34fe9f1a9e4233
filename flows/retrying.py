"""When a task is tried again: the world failed, not the code.  The next scheduled pass goes on from what is kept."""

from typing import Any

from monitor.errors import StoreUnavailable

WAITS = (2.0, 10.0, 30.0)


def unreachable(task: Any, run: Any, state: Any) -> bool:
    """Return whether a task failed because a store cannot be reached or written now."""
    return isinstance(state.data, StoreUnavailable)
