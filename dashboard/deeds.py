"""Every change of state: one function over what a form or a JSON body asks, as a form of a page and under /api/v1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Body, Depends, FastAPI, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict

from dashboard.access import Access
from dashboard.formats import address
from dashboard.given import Given, Now, TheGiven
from dashboard.pages import API, ERRORS
from dashboard.visitor import TheUser
from monitor.config import Settings
from monitor.desk import Desk
from monitor.desk.users import User
from monitor.store import Store


class Asked(BaseModel):
    """What a form or a body brings; what it brings beyond is left out."""

    model_config = ConfigDict(frozen=True)


class Nothing(Asked):
    """Nothing beyond the path."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """Who does something, when, and to what; `key` is the id in the path, "" without one."""

    store: Store
    desk: Desk
    settings: Settings
    staff: User
    now: datetime
    key: str

    @property
    def by(self) -> str:
        """Return the name that the desk keeps."""
        return self.staff.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was done, a key of words.toml, and the page that shows it."""

    done: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """A change: its path, what it asks for, the function that does it, and who may."""

    path: str
    asked: type[Asked]
    do: Callable[[Doing, Any], Done]
    access: Access = Access.ACT
    in_api: bool = True


def add_deeds(app: FastAPI, given: Given, deeds: Sequence[Deed]) -> None:
    """Add each deed as a form, and to the API where it belongs there."""
    for deed in deeds:
        form, data = _endpoints(deed)
        given.access[f"POST {deed.path}"] = deed.access
        app.add_api_route(deed.path, form, methods=["POST"], include_in_schema=False)
        if deed.in_api:
            given.access[f"POST {API}{deed.path}"] = deed.access
            app.add_api_route(
                API + deed.path,
                data,
                methods=["POST"],
                response_model=Done,
                responses=ERRORS,
                name=deed.do.__name__,
                description=deed.do.__doc__ or "",
            )


def _endpoints(deed: Deed) -> tuple[Callable[..., Response], Callable[..., Done]]:
    key_of = _path_key if "{key}" in deed.path else _no_key

    def doing(given: TheGiven, user: TheUser, now: Now, key: Annotated[str, Depends(key_of)]) -> Doing:
        return Doing(store=given.store, desk=given.desk, settings=given.settings, staff=user, now=now, key=key)

    def form(who: Annotated[Doing, Depends(doing)], asked: Any) -> Response:
        done = deed.do(who, asked)
        return RedirectResponse(address(done.where, done=done.done), 303)

    def data(who: Annotated[Doing, Depends(doing)], asked: Any) -> Done:
        return deed.do(who, asked)

    # FastAPI reads what a route asks for from its annotations.
    nothing = deed.asked is Nothing
    form.__annotations__["asked"] = Annotated[deed.asked, Depends(Nothing) if nothing else Form()]
    data.__annotations__["asked"] = Annotated[deed.asked, Depends(Nothing) if nothing else Body()]
    return form, data


def _path_key(key: str) -> str:
    return key


def _no_key() -> str:
    return ""
