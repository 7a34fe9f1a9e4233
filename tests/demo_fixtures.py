"""The demo, run once for all who look at it; a test module asks for it by `pytest_plugins = ("demo_fixtures",)`."""

import pytest
from demo_home import Shown, show


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show(tmp_path_factory.mktemp("demo"))
