"""A small provider of OpenID Connect on localhost, which vouches for whom a test tells it to."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@dataclass(kw_only=True)
class Provider:
    """What the provider says: `claims` go into the token, `key` signs it, `published` is the key that it shows."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}))
    published: RSAKey | None = None
    asked: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, values: dict[str, str]) -> tuple[int, Any]:
        match path:
            case "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                return 200, {"issuer": self.issuer, **{k: f"{self.issuer}/{v}" for k, v in names.items()}}
            case "/keys":
                return 200, {"keys": [(self.published or self.key).as_dict(private=False)]}
            case "/authorize":
                self.asked = values
                return 302, values["redirect_uri"] + "?" + urlencode({"code": "c1", "state": values["state"]})
            case "/token" if self._proven(values):
                return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self._token()}
        return 400, {"error": "invalid_grant"}

    def _proven(self, values: dict[str, str]) -> bool:
        made = hashlib.sha256(values.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
        return values.get("code") == "c1" and challenge == self.asked["code_challenge"]

    def _token(self) -> str:
        usual = {"iss": self.issuer, "aud": self.asked["client_id"], "sub": "1", "nonce": self.asked["nonce"]}
        return jwt.encode({"alg": "RS256", "kid": "1"}, {**usual, **self.claims}, self.key)


@contextmanager
def serving() -> Iterator[Provider]:
    """A provider that listens until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._send(*provider.answer(parts.path, _flat(parts.query)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._send(*provider.answer(self.path, _flat(body)))

        def _send(self, status: int, value: Any) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("Location", value)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"" if status == 302 else json.dumps(value).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()


def _flat(query: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(query).items()}
