"""A connection to Elasticsearch: where it is, who we are, and what its errors mean."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from elastic_transport import TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, OrjsonSerializer, SerializationError, UnsupportedProductError

from monitor.errors import ConfigError, StoreError, StoreUnavailable

Value = TypeVar("Value")

RETRIED = frozenset({429, 502, 503, 504})

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_PREFIX = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_BLOCK = "cluster_block_exception"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A client and the prefix of our indices; `name` is what errors call it.

    What the cluster cannot do now is tried again until `patience` ends, at times by chance.
    """

    client: Elasticsearch
    prefix: str
    name: str
    patience: timedelta
    rng: Random

    def index(self, noun: str, home: str = "") -> str:
        """Return the alias of a noun, or with a home the index of that home."""
        return "-".join(filter(None, (self.prefix, noun, home)))


def connect(url: str, environ: Mapping[str, str] = os.environ, patience: timedelta = timedelta(seconds=30)) -> Cluster:
    """Return the cluster at `http(s)://HOST[:9200][,HOST...][/PREFIX]`; nothing is asked of it yet.

    LANGNGHE_ES_API_KEY, or LANGNGHE_ES_USER and LANGNGHE_ES_PASSWORD, say who we are, LANGNGHE_ES_CA_FINGERPRINT or
    LANGNGHE_ES_CA (a file) whom to trust; a secret may stand in a file that the name with _FILE names.
    """
    parts = urlsplit(url)
    hosts, prefix = _hosts(parts), parts.path.strip("/") or "langnghe"
    if not _PREFIX.fullmatch(prefix):
        raise ConfigError(f"store URL: {prefix!r} cannot begin the name of an index; use small letters and digits")
    login = _login(environ)
    if login and parts.scheme == "http" and not all(map(_is_loopback, hosts)):
        raise ConfigError("store URL: an API key or password would travel in the clear; use https://")
    client = Elasticsearch(
        [f"{parts.scheme}://{host}" for host in hosts],
        serializer=OrjsonSerializer(),
        request_timeout=30,
        max_retries=2,
        retry_on_timeout=False,
        retry_on_status=(),
        **login,
        **(_trust(environ) if parts.scheme == "https" else {}),
    )
    return Cluster(client, prefix, f"{parts.scheme}://{','.join(hosts)}", patience, Random())


@contextmanager
def spoken(cluster: Cluster) -> Iterator[None]:
    """Turn every error of the client into a StoreError of one line that names the cluster and what to do."""
    try:
        yield
    except ApiError as error:
        raise _refusal(cluster, error) from error
    except UnsupportedProductError as error:
        raise StoreError(f"{cluster.name}: is no Elasticsearch; name another URL") from error
    except TlsError as error:
        advice = "cannot be trusted; check LANGNGHE_ES_CA_FINGERPRINT or LANGNGHE_ES_CA"
        raise StoreError(f"{cluster.name}: {advice}") from error
    except SerializationError as error:
        raise StoreError(f"{cluster.name}: its answer cannot be read; name another URL") from error
    except TransportError as error:
        raise StoreUnavailable(f"{cluster.name}: does not answer ({type(error).__name__}); try again") from error


def patiently(cluster: Cluster, work: Callable[[], Value]) -> Value:
    """Return what the work returns, tried again while it raises StoreUnavailable and the patience lasts."""
    for pause in pauses(cluster):
        try:
            return work()
        except StoreUnavailable:
            sleep(pause)
    return work()


def pauses(cluster: Cluster) -> Iterator[float]:
    """Yield seconds to wait between tries, longer each time and by chance, so that writers do not come back at once."""
    end, longest = monotonic() + cluster.patience.total_seconds(), _FIRST_PAUSE
    while (left := end - monotonic()) > 0:
        yield min(left, cluster.rng.uniform(longest / 2, longest))
        longest = min(2 * longest, _LONGEST_PAUSE)


def whole(cluster: Cluster, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the answer.  Raises StoreUnavailable when a shard or the time did not suffice for all of it."""
    if is_partial(answer):
        raise StoreUnavailable(f"{cluster.name}: a part of the indices does not answer; try again")
    return answer


def is_partial(answer: Mapping[str, Any]) -> bool:
    """Return whether a shard, or the time, did not suffice for the whole answer."""
    shards = answer["_shards"]
    return bool(answer.get("timed_out") or shards["failed"] or shards["successful"] < shards["total"])


def refusal_of(cluster: Cluster, status: int, kind: str) -> StoreError | None:
    """Return the error that ends the work for a status and error type, None for what concerns one document alone."""
    where = cluster.name
    if kind == _BLOCK:
        return StoreUnavailable(f"{where}: may only be read now; free some disk or lift the block, then try again")
    if status in RETRIED:
        return StoreUnavailable(f"{where}: is too busy or not whole (HTTP {status}); try again")
    meanings = {
        401: "refuses the API key or password; check LANGNGHE_ES_API_KEY or LANGNGHE_ES_USER",
        403: "does not allow this; give the user the role of index_mappings/role-worker.json",
        404: "an index is missing; run langnghe store setup",
    }
    advice = meanings.get(status)
    if "strict_dynamic" in kind:
        advice = "has the fields of another version; run langnghe store migrate"
    if "media_type" in kind:
        advice = "is of another major version than the client; for 8.19 install 'elasticsearch>=8.19,<9'"
    return StoreError(f"{where}: {advice}") if advice else None


def _refusal(cluster: Cluster, error: ApiError) -> StoreError:
    if not isinstance(error.body, dict):
        return StoreError(f"{cluster.name}: is no Elasticsearch (HTTP {error.status_code}); name another URL")
    kind = str(error.error)
    found = refusal_of(cluster, error.status_code, kind)
    return found or StoreError(f"{cluster.name}: refused (HTTP {error.status_code}, {kind[:80]})")


def _hosts(parts: SplitResult) -> list[str]:
    if "@" in parts.netloc:
        raise ConfigError("store URL: put the user and password into LANGNGHE_ES_USER and LANGNGHE_ES_PASSWORD")
    hosts = [host for host in parts.netloc.split(",") if host]
    if not hosts or parts.query or parts.fragment:
        raise ConfigError("store URL: use http(s)://HOST:9200 or http(s)://HOST:9200/PREFIX")
    return [host if re.search(r":\d+$", host) else f"{host}:9200" for host in hosts]


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0].strip("[]")
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _login(environ: Mapping[str, str]) -> dict[str, Any]:
    if key := _secret(environ, "LANGNGHE_ES_API_KEY"):
        return {"api_key": key}
    user, password = environ.get("LANGNGHE_ES_USER", ""), _secret(environ, "LANGNGHE_ES_PASSWORD")
    if bool(user) != bool(password):
        raise ConfigError("LANGNGHE_ES_USER and LANGNGHE_ES_PASSWORD go together; set both")
    return {"basic_auth": (user, password)} if user else {}


def _trust(environ: Mapping[str, str]) -> dict[str, Any]:
    fingerprint = environ.get("LANGNGHE_ES_CA_FINGERPRINT", "")
    authority = environ.get("LANGNGHE_ES_CA", "")
    if authority and not Path(authority).is_file():
        raise ConfigError(f"LANGNGHE_ES_CA={authority}: no such file")
    if fingerprint and not re.fullmatch(r"([0-9a-fA-F]{2}:?){32}", fingerprint):
        raise ConfigError("LANGNGHE_ES_CA_FINGERPRINT is no SHA-256 fingerprint: give 64 hex digits")
    given = {"ssl_assert_fingerprint": fingerprint, "ca_certs": authority}
    return {name: value for name, value in given.items() if value}


def _secret(environ: Mapping[str, str], name: str) -> str:
    path = environ.get(f"{name}_FILE", "")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name}_FILE={path}: {getattr(error, 'strerror', 'not UTF-8')}") from None
