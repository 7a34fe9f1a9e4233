"""Offices as fixtures; a test module asks for them by `pytest_plugins = ("dashboard_fixtures",)`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_office import NOW, PASSWORD, Office, close, fill, open_office

from monitor.desk import Desk, users
from monitor.desk.users import Role


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the staff and nothing else."""
    home = tmp_path_factory.mktemp("empty")
    desk = Desk(f"sqlite:///{home}/desk.db")
    for role in Role:
        users.add_user(desk, role.value, role, PASSWORD, "cli", NOW)
    desk.close()
    return home


@pytest.fixture(scope="session")
def filled_home(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a little of everything."""
    home = tmp_path_factory.mktemp("filled") / "home"
    shutil.copytree(empty_home, home)
    opened = open_office(home)
    fill(opened.store, opened.desk)
    close(opened)
    return home


@pytest.fixture
def office(filled_home: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of one's own, to change things in."""
    opened = open_office(Path(shutil.copytree(filled_home, tmp_path / "home")))
    yield opened
    close(opened)


@pytest.fixture
def empty_office(empty_home: Path, tmp_path: Path) -> Iterator[Office]:
    """An office in which nothing has happened yet."""
    opened = open_office(Path(shutil.copytree(empty_home, tmp_path / "home")))
    yield opened
    close(opened)


@pytest.fixture(scope="module")
def calm_office(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that the tests of a module share and only read."""
    opened = open_office(Path(shutil.copytree(filled_home, tmp_path_factory.mktemp("calm") / "home")))
    yield opened
    close(opened)
