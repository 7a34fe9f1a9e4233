"""Who we are to Elasticsearch and whom we trust, in front of a real node behind a TLS proxy."""

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import make_document
from proxy import Proxy, make_certificate, proxy

from monitor.errors import ConfigError, StoreError
from monitor.query import Query
from monitor.store.elastic import ElasticStore

KEY = "a2V5OnNlY3JldC1vZi10aGUtb2ZmaWNl"
ROLES = Path(__file__).parent.parent / "index_mappings"
# What Elasticsearch documents as privileges; a role that names another is refused by it.
CLUSTER = {"monitor", "manage_index_templates", "manage_ilm"}
INDEX = {"read", "write", "create_index", "maintenance", "view_index_metadata", "manage", "indices:admin/aliases"}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def guarded(elastic_server: str, certificate: tuple[Path, str]) -> Iterator[Proxy]:
    """A proxy with TLS that lets in only who has the key."""
    with proxy(elastic_server, certificate[0]) as made:
        made.allowed = f"ApiKey {KEY}"
        yield made


@pytest.fixture
def url(guarded: Proxy, elastic_url: str) -> str:
    return f"https://127.0.0.1:{guarded.port}/{elastic_url.rpartition('/')[2]}"


def refusal(work: Callable[[], object], kind: type[Exception] = StoreError) -> str:
    with pytest.raises(kind) as caught:
        work()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def works(url: str, environ: dict[str, str]) -> bool:
    with ElasticStore(url, environ) as store:
        store.add([make_document()])
        return store.total(Query()) == 1


@pytest.mark.elasticsearch
def test_a_fingerprint_and_an_api_key_let_us_in(url: str, certificate: tuple[Path, str]) -> None:
    assert works(url, {"LANGNGHE_ES_API_KEY": KEY, "LANGNGHE_ES_CA_FINGERPRINT": certificate[1]})


@pytest.mark.elasticsearch
def test_a_file_of_the_authority_and_of_the_key_let_us_in(
    url: str, certificate: tuple[Path, str], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    assert works(url, {"LANGNGHE_ES_API_KEY_FILE": str(tmp_path / "key"), "LANGNGHE_ES_CA": str(certificate[0])})


@pytest.mark.elasticsearch
def test_a_user_and_password_let_us_in(url: str, guarded: Proxy, certificate: tuple[Path, str]) -> None:
    guarded.allowed = f"Basic {b64encode(b'langnghe:mat-khau').decode()}"
    login = {"LANGNGHE_ES_USER": "langnghe", "LANGNGHE_ES_PASSWORD": "mat-khau"}
    assert works(url, {**login, "LANGNGHE_ES_CA_FINGERPRINT": certificate[1]})


@pytest.mark.elasticsearch
def test_a_stranger_in_the_place_of_the_cluster_is_told_nothing(url: str, guarded: Proxy, tmp_path: Path) -> None:
    _, other = make_certificate(tmp_path, "other")
    for trust in ({}, {"LANGNGHE_ES_CA_FINGERPRINT": other}, {"LANGNGHE_ES_CA": str(tmp_path / "other.pem")}):
        told = refusal(lambda t=trust: ElasticStore(url, {"LANGNGHE_ES_API_KEY": KEY, **t}))
        assert "cannot be trusted" in told
    assert guarded.seen == []


@pytest.mark.elasticsearch
@pytest.mark.parametrize("login", [{"LANGNGHE_ES_API_KEY": "d3Jvbmctc2VjcmV0"}, {}])
def test_a_wrong_key_is_one_line_that_does_not_say_it(
    url: str, certificate: tuple[Path, str], login: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = refusal(lambda: ElasticStore(url, {**login, "LANGNGHE_ES_CA_FINGERPRINT": certificate[1]}))
    assert "refuses the API key" in told
    assert "d3Jvbmctc2VjcmV0" not in told + caplog.text


@pytest.mark.elasticsearch
def test_a_role_that_is_too_small_names_the_file_of_the_right_one(
    url: str, guarded: Proxy, certificate: tuple[Path, str]
) -> None:
    environ = {"LANGNGHE_ES_API_KEY": KEY, "LANGNGHE_ES_CA_FINGERPRINT": certificate[1]}
    with ElasticStore(url, environ) as store:
        guarded.fault = lambda method, path: 403 if "_bulk" in path else None
        assert "role-worker.json" in refusal(lambda: store.add([make_document()]))


@pytest.mark.elasticsearch
def test_no_secret_is_logged_or_shown(
    url: str, certificate: tuple[Path, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    environ = {"LANGNGHE_ES_API_KEY": KEY, "LANGNGHE_ES_CA_FINGERPRINT": certificate[1]}
    with ElasticStore(url, environ) as store:
        store.add([make_document()])
        assert KEY not in caplog.text + repr(store._cluster) + repr(vars(store))


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"LANGNGHE_ES_USER": "a"}, "set both"),
        ({"LANGNGHE_ES_CA_FINGERPRINT": "zz"}, "64 hex digits"),
        ({"LANGNGHE_ES_CA": "/none.pem"}, "no such file"),
        ({"LANGNGHE_ES_API_KEY_FILE": "/none"}, "LANGNGHE_ES_API_KEY_FILE"),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], word: str) -> None:
    assert word in refusal(lambda: ElasticStore("https://127.0.0.1:9", environ), ConfigError)


def test_a_key_is_not_sent_in_the_clear_to_another_machine() -> None:
    told = refusal(lambda: ElasticStore("http://es.example:9200", {"LANGNGHE_ES_API_KEY": KEY}), ConfigError)
    assert "use https://" in told
    assert KEY not in told


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    told = refusal(lambda: ElasticStore("https://user:mat-khau@es.example:9200", {}), ConfigError)
    assert "mat-khau" not in told


@pytest.mark.parametrize("path", sorted(ROLES.glob("role-*.json")), ids=lambda p: p.stem)
def test_roles_ask_for_known_privileges_on_our_indices_only(path: Path) -> None:
    role = json.loads(path.read_text(encoding="utf-8"))
    assert set(role["cluster"]) <= CLUSTER
    assert {privilege for granted in role["indices"] for privilege in granted["privileges"]} <= INDEX
    assert all(name.startswith("langnghe-") for granted in role["indices"] for name in granted["names"])


def test_workers_may_neither_delete_an_index_nor_change_templates() -> None:
    role = json.loads((ROLES / "role-worker.json").read_text(encoding="utf-8"))
    assert role["cluster"] == ["monitor"]
    assert "manage" not in role["indices"][0]["privileges"]
