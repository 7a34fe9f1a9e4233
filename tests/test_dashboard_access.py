import re
from datetime import timedelta
from pathlib import Path

import pytest
from dashboard_office import NOW, PASSWORD, Office, app
from starlette.routing import Route

from dashboard.access import Access
from dashboard.script import SCRIPT_PATH
from dashboard.style import STYLE_PATH
from dashboard.visitor import SESSION
from monitor.desk import audit, tokens, users
from monitor.desk.audit import Action
from monitor.desk.users import Role

pytest_plugins = ("dashboard_fixtures",)

OPEN = {
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/provider",
    "GET /sign-in/provider/back",
    "POST /language",
    "GET /alive",
    "GET /robots.txt",
    "GET /mark.svg",
    f"GET {STYLE_PATH}",
    f"GET {SCRIPT_PATH}",
}
IDS = {"issue_id": "i1", "key": "i1", "form": "csv"}


def routes() -> set[str]:
    return {
        f"{method} {route.path}"
        for route in app().routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: IDS.get(match[1], "x"), path)


def test_every_route_names_its_access(calm_office: Office):
    assert routes() == set(calm_office.given.access)


def test_only_listed_routes_are_open(calm_office: Office):
    assert {route for route, access in calm_office.given.access.items() if access is Access.OPEN} == OPEN


def test_no_other_route_answers_a_stranger(calm_office: Office):
    stranger = calm_office.visit()
    for route in routes() - OPEN:
        method, _, path = route.partition(" ")
        calm_office.clock.now += timedelta(seconds=2)
        answer = stranger.client.request(method, filled(path))
        assert answer.status_code in (303, 401, 403, 422), route
        assert "Kênh" not in answer.text, route


def test_a_viewer_can_do_nothing_that_needs_more(calm_office: Office):
    viewer = calm_office.visit(Role.VIEWER)
    csrf = viewer.csrf()
    for route, access in calm_office.given.access.items():
        method, _, path = route.partition(" ")
        if access in (Access.ACT, Access.ADMINISTER):
            calm_office.clock.now += timedelta(seconds=2)
            answer = viewer.client.request(method, filled(path), data={"csrf": csrf} if method == "POST" else None)
            assert answer.status_code in (403, 422), route


def test_a_collaborator_sees_only_reports(calm_office: Office):
    collaborator = calm_office.visit(Role.COLLABORATOR)
    assert collaborator.get("/reports").status_code == 200
    assert collaborator.get("/").status_code == collaborator.get("/api/v1/issues").status_code == 403


def test_signing_in_leads_back_to_the_page_asked_for(office: Office):
    visit = office.visit()
    assert visit.get("/issues/i1").headers["location"] == "/sign-in?next=%2Fissues%2Fi1"
    answer = visit.post("/sign-in", name="viewer", password=PASSWORD, next="/issues/i1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issues/i1")
    assert visit.get("/issues/i1").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://bad.example/", "//bad.example/", "/\\bad.example", "/\tx", "x"])
def test_signing_in_leads_nowhere_else(office: Office, elsewhere: str):
    answer = office.visit().post("/sign-in", name="viewer", password=PASSWORD, next=elsewhere)
    assert answer.headers["location"] == "/"


def test_a_wrong_name_looks_like_a_wrong_password(office: Office):
    visit = office.visit()
    wrong = visit.post("/sign-in", name="viewer", password="x" * 20)
    unknown = visit.post("/sign-in", name="nobody", password="x" * 20)
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)


def test_the_door_is_locked_after_repeated_failures(office: Office):
    visit = office.visit()
    for _ in range(users.MOST_FAILURES):
        visit.post("/sign-in", name="viewer", password="x" * 20)
    assert visit.post("/sign-in", name="viewer", password=PASSWORD).status_code == 403


def test_the_session_cookie_is_for_us_alone(office: Office):
    answer = office.visit().post("/sign-in", name="viewer", password=PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_cookies_are_secure_unless_the_page_is_on_this_machine(office: Office):
    stranger = office.visit().client
    assert "secure" not in stranger.get("/sign-in").headers["set-cookie"].lower()
    stranger.cookies.clear()
    assert "secure" in stranger.get("https://desk.example/sign-in").headers["set-cookie"].lower()


def test_a_session_ends_when_signed_out(office: Office):
    visit = office.visit(Role.VIEWER)
    session = visit.client.cookies[SESSION]
    visit.post("/sign-out")
    assert users.session_user(office.desk, session, NOW) is None


def test_a_form_without_its_token_changes_nothing(office: Office):
    analyst = office.visit(Role.ANALYST).client
    assert analyst.post("/issues/i1/acknowledgement", data={"comment": "x"}).status_code == 403
    assert analyst.post("/issues/i1/acknowledgement", data={"comment": "x", "csrf": "é"}).status_code == 403
    assert audit.records(office.desk, actions=(Action.ACKNOWLEDGE,)) == []


def test_the_token_of_another_visitor_is_refused(office: Office):
    other = office.visit(Role.VIEWER).csrf()
    answer = office.visit(Role.ANALYST).client.post("/looked", data={"csrf": other})
    assert answer.status_code == 403


def test_a_form_from_another_site_is_refused(office: Office):
    visit = office.visit(Role.ANALYST)
    answer = visit.client.post("/looked", data={"csrf": visit.csrf()}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_session_cannot_change_anything_through_the_api(office: Office):
    answer = office.visit(Role.ANALYST).client.post("/api/v1/issues/i1/judgement", json={"verdict": "right"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forged")


def bearer(office: Office, role: Role, *scopes: str) -> dict[str, str]:
    owner = next(one for one in users.users(office.desk) if one.role is role)
    return {"Authorization": f"Bearer {tokens.make_token(office.desk, owner, 'script', scopes, NOW)[1]}"}


def test_a_token_opens_what_its_scopes_say(office: Office):
    client, reads = office.visit().client, bearer(office, Role.ANALYST, "read")
    assert client.get("/api/v1/issues", headers=reads).status_code == 200
    assert client.post("/api/v1/issues/i1/judgement", json={"verdict": "late"}, headers=reads).status_code == 403
    acts = bearer(office, Role.ANALYST, "act")
    assert client.post("/api/v1/issues/i1/judgement", json={"verdict": "late"}, headers=acts).status_code == 200


def test_a_token_opens_no_page(office: Office):
    assert office.visit().client.get("/issues", headers=bearer(office, Role.VIEWER, "read")).status_code == 403


def test_a_wrong_token_is_no_one(office: Office):
    answer = office.visit().client.get("/api/v1/issues", headers={"Authorization": "Bearer ln_x"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_too_many_requests_wait(office: Office):
    stranger = office.visit().client
    answers = [stranger.get("/sign-in") for _ in range(61)]
    assert answers[59].status_code == 200
    assert answers[60].status_code == 429
    assert int(answers[60].headers["retry-after"]) >= 1


def test_reading_a_document_is_in_the_audit(office: Office):
    document = office.store.issues()[0].evidence[0]
    office.visit(Role.VIEWER).get(f"/documents/{document}")
    (line,) = audit.records(office.desk, actions=(Action.READ,))
    assert (line.by, line.object) == ("viewer", f"document:{document}")


def test_an_export_is_in_the_audit(office: Office):
    assert office.visit(Role.VIEWER).get("/search/export.csv?q=kenh").status_code == 200
    (line,) = audit.records(office.desk, actions=(Action.EXPORT,))
    assert (line.by, line.detail) == ("viewer", "csv, 2 rows kenh")


def test_whoever_is_locked_out_is_out_at_once(office: Office):
    viewer = office.visit(Role.VIEWER)
    users.set_active(office.desk, "viewer", False, "administrator", NOW)
    assert viewer.get("/").status_code == 303


def test_an_idle_session_ends(office: Office):
    token = users.begin_session(office.desk, "viewer", NOW - users.IDLE - timedelta(minutes=1)) or ""
    visit = office.visit()
    visit.client.cookies.set(SESSION, token)
    assert visit.get("/").status_code == 303


def test_a_body_may_not_be_larger_than_announced(office: Office):
    visit = office.visit(Role.ANALYST)
    big = {"csrf": visit.csrf(), "comment": "x" * (3 << 20)}
    assert visit.client.post("/issues/i1/acknowledgement", data=big).status_code == 413
    pieces = (b"comment=" + b"x" * (1 << 20) for _ in range(3))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert visit.client.post("/issues/i1/acknowledgement", content=pieces, headers=form).status_code == 413


def test_the_table_of_routes_in_the_documents_is_true(calm_office: Office):
    page = (Path(__file__).parent.parent / "docs" / "dashboard.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+ [^`]+)` \| (\w+) \|$", page, re.MULTILINE))
    known = {(re.sub(r"-\w{12}\.", "-….", route), str(access)) for route, access in access_of(calm_office)}
    assert told == known


def access_of(office: Office) -> set[tuple[str, Access]]:
    return set(office.given.access.items())
