"""Sign-in by a provider of OpenID Connect: authorization code with PKCE; the provider says who, the desk says what."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from monitor.config import Settings
from monitor.errors import MonitorError

ALGORITHMS = ["RS256", "PS256", "ES256"]
_PATIENCE = 10.0
_LEEWAY = 60
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(MonitorError):
    """The provider cannot be reached, or what it says is not to be trusted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What one attempt is bound to; it stays in a cookie of the browser until the provider sends it back."""

    state: str
    nonce: str
    verifier: str


def address(settings: Settings, attempt: Attempt, back: str) -> str:
    """Return where the browser is sent; the provider sends it on to `back`."""
    with _client(settings, back) as client:
        url, _ = client.create_authorization_url(
            _described(settings)["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return str(url)


def mail_of(settings: Settings, attempt: Attempt, code: str, back: str, now: datetime) -> str:
    """Return the verified e-mail address of whoever the provider vouches for.  Raises ProviderError."""
    described = _described(settings)
    try:
        with _client(settings, back) as client:
            answer = client.fetch_token(described["token_endpoint"], code=code, code_verifier=attempt.verifier)
        keys = KeySet.import_key_set({"keys": _json(described["jwks_uri"])["keys"]})
        claims = jwt.decode(answer["id_token"], keys, algorithms=ALGORITHMS).claims
        _rules(settings, attempt, now).validate(claims)
    except (OAuth2Error, JoseError, httpx.HTTPError, KeyError, ValueError) as error:
        raise ProviderError(f"{settings.oidc_issuer}: {type(error).__name__}: {error}") from error
    mail = claims.get("email")
    if not isinstance(mail, str) or claims.get("email_verified") is not True:
        raise ProviderError(f"{settings.oidc_issuer}: no verified e-mail address was given")
    return mail


def _rules(settings: Settings, attempt: Attempt, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client},
        nonce={"essential": True, "value": attempt.nonce},
        exp={"essential": True},
    )


def _client(settings: Settings, back: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=settings.oidc_client,
        client_secret=settings.oidc_secret or None,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_secret else "none",
        scope="openid email",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=_PATIENCE,
    )


def _described(settings: Settings) -> dict[str, str]:
    found = _json(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.oidc_issuer:
        raise ProviderError(f"{settings.oidc_issuer}: calls itself {found.get('issuer')!r}")
    return {name: _safe(str(found.get(name, ""))) for name in _ENDPOINTS}


def _json(url: str) -> dict[str, Any]:
    try:
        answer = httpx.get(_safe(url), timeout=_PATIENCE)
        answer.raise_for_status()
        value = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderError(f"{url}: {error}") from error
    if not isinstance(value, dict):
        raise ProviderError(f"{url}: no JSON object")
    return value


def _safe(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderError(f"{url!r} is no https address")
    return url
