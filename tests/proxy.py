"""A proxy on loopback in front of a node: TLS, who may come in, and what goes wrong on the way."""

import datetime
import http.client
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSED_ON = ("Content-Type", "Accept")
DROPPED = ("transfer-encoding", "content-length", "connection")
OURS = [("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch")]


@dataclass
class Proxy:
    """`fault` is asked before each request: None passes it on, a number answers that status, "cut" loses the answer."""

    port: int = 0
    fault: Callable[[str, str], int | str | None] = lambda method, path: None
    allowed: str = ""
    seen: list[str] = field(default_factory=list)


@contextmanager
def proxy(node: str, certificate: Path | None = None) -> Iterator[Proxy]:
    """A proxy to the node, with TLS when there is a file of key and certificate."""
    made = Proxy()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made, node.removeprefix("http://")))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(made: Proxy, node: str) -> type[BaseHTTPRequestHandler]:  # noqa: C901
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            made.seen.append(f"{self.command} {self.path}")
            is_stranger = made.allowed and self.headers.get("Authorization") != made.allowed
            fault = 401 if is_stranger else made.fault(self.command, self.path)
            if isinstance(fault, int):
                self.answer(fault, OURS, _error("security_exception" if fault in (401, 403) else "too_much"))
                return
            status, headers, data = self.ask(body)
            if fault == "cut":
                self.close_connection = True
            else:
                self.answer(status, headers, data)

        def ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection(node, timeout=60)
            try:
                kept = {name: self.headers[name] for name in PASSED_ON if name in self.headers}
                connection.request(self.command, self.path, body, kept)
                found = connection.getresponse()
                headers = [h for h in found.getheaders() if h[0].lower() not in DROPPED]
                return found.status, headers, found.read()
            finally:
                connection.close()

        def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response_only(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = pass_on

        def log_message(self, *_: object) -> None:
            return

    return Handler


def _error(kind: str) -> bytes:
    return b'{"error":{"type":"%b","reason":"refused by the proxy"},"status":0}' % kind.encode()


def make_certificate(folder: Path, name: str = "proxy") -> tuple[Path, str]:
    """Return a file of key and certificate for 127.0.0.1, its own authority, and its SHA-256 fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), now - day, now + day
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = builder.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(secret + made.public_bytes(pem))
    return path, made.fingerprint(hashes.SHA256()).hex()
