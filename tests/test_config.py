"""Settings come from the environment that is passed, and say which variable is wrong."""

from pathlib import Path

import pytest

from monitor.config import load_settings
from monitor.errors import ConfigError


def test_everything_has_a_default():
    settings = load_settings({})
    assert settings.home == Path("data")
    assert settings.store == "sqlite:///data/langnghe.db"
    assert settings.budget == 6


def test_the_stores_follow_the_home():
    assert load_settings({"LANGNGHE_HOME": "/srv/ln"}).desk == "sqlite:////srv/ln/desk.db"


@pytest.mark.parametrize("value", ["six", "-1", "0", "nan", "inf"])
def test_a_wrong_budget_is_named(value):
    with pytest.raises(ConfigError, match="LANGNGHE_BUDGET"):
        load_settings({"LANGNGHE_BUDGET": value})


def test_addresses_go_into_named_channels(tmp_path):
    file = tmp_path / "notify"
    file.write_text("# the health desk\nhealth=mailto://example.vn\n\njson://localhost/hook\n")
    settings = load_settings({"LANGNGHE_NOTIFY": "print:", "LANGNGHE_NOTIFY_FILE": str(file)})
    assert settings.notify == {"duty": ("print:", "json://localhost/hook"), "health": ("mailto://example.vn",)}


def test_addresses_do_not_show_in_logs():
    assert "s3cret" not in repr(load_settings({"LANGNGHE_NOTIFY": "mailto://user:s3cret@example.vn"}))


def test_a_missing_file_of_addresses_is_named():
    with pytest.raises(ConfigError, match="/nowhere"):
        load_settings({"LANGNGHE_NOTIFY_FILE": "/nowhere"})
