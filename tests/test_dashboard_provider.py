from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from dashboard_office import NOW, PASSWORD, Office, Visit
from identity_provider import Provider, serving
from joserfc.jwk import RSAKey

from monitor.desk import users
from monitor.desk.users import Role

pytest_plugins = ("dashboard_fixtures",)

LAN = {"email": "Lan@co-quan.example", "email_verified": True, "exp": int(NOW.timestamp()) + 300}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as running:
        yield running


@pytest.fixture
def visit(office: Office, provider: Provider) -> Visit:
    """A browser at an office that trusts the provider, where Lan is an analyst."""
    users.add_user(office.desk, "lan@co-quan.example", Role.ANALYST, PASSWORD, "cli", NOW)
    settings = replace(office.given.settings, oidc_issuer=provider.issuer, oidc_client="langnghe", oidc_secret="s")
    return Office(given=replace(office.given, settings=settings), clock=office.clock).visit()


def go(visit: Visit, provider: Provider, path: str = "/sign-in/provider?next=/issues/i1", **claims: Any) -> Any:
    provider.claims = {**LAN, **claims}
    there = visit.get(path).headers["location"]
    back = urlsplit(httpx.get(there).headers["location"])
    return visit.get(f"{back.path}?{back.query}")


def test_whom_the_provider_vouches_for_is_signed_in(visit: Visit, provider: Provider):
    assert go(visit, provider).headers["location"] == "/issues/i1"
    assert "lan@co-quan.example" in visit.get("/issues/i1").text


def test_the_door_offers_the_provider(visit: Visit):
    assert "/sign-in/provider" in visit.get("/sign-in").text


def test_without_a_provider_there_is_no_such_door(office: Office):
    assert "/sign-in/provider" not in office.visit().get("/sign-in").text
    assert office.visit().get("/sign-in/provider").status_code == 404


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@co-quan.example"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"nonce": "another"},
        {"exp": int(NOW.timestamp()) - 600},
        {"email": None},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_what_is_not_right_in_the_token_lets_nobody_in(visit: Visit, provider: Provider, claims: dict[str, Any]):
    answer = go(visit, provider, **claims)
    assert answer.status_code == 403
    assert visit.get("/issues").status_code == 303


def test_a_token_signed_by_another_key_lets_nobody_in(visit: Visit, provider: Provider):
    provider.published = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
    assert go(visit, provider).status_code == 403


def test_an_answer_that_was_not_asked_for_lets_nobody_in(visit: Visit, provider: Provider):
    provider.claims = LAN
    assert visit.get("/sign-in/provider/back?code=c1&state=x").status_code == 403
    visit.get("/sign-in/provider")
    assert visit.get("/sign-in/provider/back?code=c1&state=x").status_code == 403


def test_the_provider_leads_nowhere_else(visit: Visit, provider: Provider):
    assert go(visit, provider, "/sign-in/provider?next=https://bad.example/").headers["location"] == "/"


def test_a_provider_that_is_away_is_one_line(office: Office):
    settings = replace(office.given.settings, oidc_issuer="http://127.0.0.1:9", oidc_client="langnghe")
    visitor = Office(given=replace(office.given, settings=settings), clock=office.clock).visit()
    answer = visitor.get("/sign-in/provider")
    assert answer.status_code == 502
    assert "Traceback" not in answer.text
