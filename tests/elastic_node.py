"""A real Elasticsearch node for the tests: built once into a cache folder, started on free ports, ended with them."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).parent / "elasticsearch_node"
VERSION = os.environ.get("LANGNGHE_TEST_ES_VERSION", "9.2.0")
STARTS_WITHIN = 120


@dataclass
class Node:
    """One node with its ports and data; `start` again after a kill finds what was there."""

    data: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=lambda: free_port())
    transport: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, nodes: int = 1) -> None:
        """Start and wait until the cluster has that many nodes."""
        self.launch()
        self.wait(nodes)

    def launch(self) -> None:
        command = [HERE / "start.sh", "--home", home(), str(self.port), self.data, f"transport.port={self.transport}"]
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "output.log").open("ab") as log:
            self.process = subprocess.Popen([*command, *self.options], stdout=log, stderr=log)

    def wait(self, nodes: int = 1) -> None:
        end = monotonic() + STARTS_WITHIN
        while not self._answers(nodes):
            if monotonic() > end or self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"Elasticsearch did not start: see {self.data / 'output.log'}")
            sleep(0.2)

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None

    def _answers(self, nodes: int) -> bool:
        try:
            with urlopen(f"{self.url}/_cluster/health?wait_for_nodes=%3E%3D{nodes}&timeout=5s", timeout=10) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False


def missing() -> str:
    """Return what must be installed before a node can be built, empty when all is there."""
    if (home() / "java-home").exists():
        return ""
    java = os.environ.get("JAVA_HOME") or any(Path("/usr/lib/jvm").glob("*2[1-9]*"))
    lacking = [name for name, there in (("Maven", shutil.which("mvn")), ("a JDK of 21 or newer", java)) if not there]
    advice = "or name a node by LANGNGHE_TEST_ES_URL"
    return f"needs Elasticsearch: install {' and '.join(lacking)}, {advice}" if lacking else ""


def build() -> None:
    """Build the node where it is not built yet, in a place of its own so that a half-built one is never taken."""
    if (home() / "java-home").exists():
        return
    home().parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=home().parent) as folder:
        made = Path(folder) / "home"
        environ = {**os.environ, "ES_VERSION": VERSION}
        subprocess.run([HERE / "build.sh", made], check=True, env=environ, stdout=subprocess.DEVNULL)
        if not home().exists():
            made.rename(home())


def home() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "langnghe" / f"elasticsearch-node-{VERSION}"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running(data: Path) -> Iterator[Node]:
    """A node that runs, ended afterwards."""
    build()
    node = Node(data)
    try:
        node.start()
        yield node
    finally:
        node.kill(signal.SIGTERM)


@contextmanager
def three(data: Path) -> Iterator[list[Node]]:
    """A cluster of three nodes, ended afterwards."""
    build()
    nodes = [Node(data / str(n)) for n in range(3)]
    seeds = ",".join(f"127.0.0.1:{node.transport}" for node in nodes)
    names = ",".join(f"node-{node.port}" for node in nodes)
    try:
        for node in nodes:
            node.options = (f"discovery.seed_hosts={seeds}", f"cluster.initial_master_nodes={names}")
            node.launch()
        for node in nodes:
            node.wait(3)
        yield nodes
    finally:
        for node in nodes:
            node.kill()
