"""The API against its own description: whatever is asked, nothing fails and every answer is as described."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from dashboard_office import NOW, Office, app

from dashboard.limits import Limiter
from monitor.desk import tokens, users
from monitor.desk.users import Role

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from hypothesis import HealthCheck, Phase, settings  # noqa: E402

pytest_plugins = ("dashboard_fixtures",)


class Unlimited(Limiter):
    """A limiter that lets everybody in: here the answers count, not their number."""

    def take(self, *_: object) -> None:
        """Take nothing."""


@pytest.fixture(scope="module")
def key(calm_office: Office) -> Iterator[str]:
    """The token of an administrator, in an office without limits."""
    owner = next(one for one in users.users(calm_office.desk) if one.role is Role.ADMINISTRATOR)
    scopes = ("read", "export", "report", "act", "administer")
    calm_office.visit()
    app().state.given = replace(calm_office.given, limiter=Unlimited())
    yield tokens.make_token(calm_office.desk, owner, "schema", scopes, NOW)[1]
    app().state.given = calm_office.given


schema = schemathesis.openapi.from_dict(
    app().openapi() | {"servers": [{"url": "http://127.0.0.1"}]},
)
schema.app = app()


@schema.parametrize()
@settings(max_examples=12, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case, key):  # type: ignore[no-untyped-def]
    case.call_and_validate(
        headers={"Authorization": f"Bearer {key}"},
        checks=[
            schemathesis.checks.not_a_server_error,
            schemathesis.specs.openapi.checks.status_code_conformance,
            schemathesis.specs.openapi.checks.response_schema_conformance,
            schemathesis.specs.openapi.checks.content_type_conformance,
        ],
    )
