"""The deployment of many machines, as a file: what it names is there, and nothing is open that need not be."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SECRET = re.compile(r"PASSWORD|API_KEY|TOKEN")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def environments(compose: dict[str, Any]) -> dict[str, str]:
    found = (service.get("environment", {}) for service in compose["services"].values())
    return {name: str(value) for some in found for name, value in some.items()}


def test_there_are_three_nodes_and_a_client_that_knows_them(compose: dict[str, Any]) -> None:
    assert {"es1", "es2", "es3"} <= compose["services"].keys()
    hosts = re.findall(r"es\d:9200", environments(compose)["LANGNGHE_STORE"])
    assert sorted(hosts) == ["es1:9200", "es2:9200", "es3:9200"]


def test_every_service_it_waits_for_and_every_volume_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for s in services.values() for name in s.get("depends_on", {})} <= services.keys()
    named = {volume.partition(":")[0] for s in services.values() for volume in s.get("volumes", [])}
    assert {name for name in named if not name.startswith(".")} == compose["volumes"].keys()


def test_every_pool_has_a_worker(compose: dict[str, Any]) -> None:
    pools = re.findall(r"work_pool:\s+name: (\S+)", (ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    commands = [str(s.get("command")) for s in compose["services"].values()]
    assert {pool for pool in pools if not any(f"--pool {pool} " in command for command in commands)} == set()


def test_every_worker_has_a_pool_with_work(compose: dict[str, Any]) -> None:
    pools = set(re.findall(r"work_pool:\s+name: (\S+)", (ROOT / "prefect.yaml").read_text(encoding="utf-8")))
    asked = [re.search(r"--pool (\S+)", str(s.get("command"))) for s in compose["services"].values()]
    assert {match[1] for match in asked if match} == pools


def test_every_deployment_starts_a_flow() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    for deployment in deployments:
        path, _, name = deployment["entrypoint"].partition(":")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_only_the_dashboard_is_reached_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: s["ports"] for name, s in compose["services"].items() if "ports" in s}
    assert ports == {"dashboard": ["127.0.0.1:8000:8000"]}


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    secrets = {name: value for name, value in environments(compose).items() if SECRET.search(name)}
    assert secrets
    assert all(value.startswith("${") for value in secrets.values())


def test_versions_are_named(compose: dict[str, Any]) -> None:
    images = {s["image"] for s in compose["services"].values()}
    assert all(re.search(r":\w[\w.]*$", image) and not image.endswith(":latest") for image in images)


def test_secrets_and_data_stay_out_of_the_image() -> None:
    assert {".env", "data", ".git"} <= set((ROOT / ".dockerignore").read_text(encoding="utf-8").split())
