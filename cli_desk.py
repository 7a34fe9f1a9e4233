"""`langnghe user` and `langnghe labels`: what an administrator of the desk does at a terminal."""

import sys
from typing import Annotated

import typer

from terminal import AsJson, now, put, put_line, settings

users = typer.Typer(help="Accounts of the office's own staff.", no_args_is_help=True, rich_markup_mode="markdown")


@users.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option(help="viewer, collaborator, analyst or administrator.")] = "viewer",
) -> None:
    """Add a member of staff; the password is asked for, or read from a pipe.

    Example: `langnghe user add lan --role administrator`
    """
    from monitor.config import make_home
    from monitor.desk import Desk
    from monitor.desk.users import Role, add_user
    from monitor.errors import InputError

    if role not in tuple(Role):
        raise InputError(f"--role {role} is not known: use one of {', '.join(Role)}")
    piped = not sys.stdin.isatty()
    password = sys.stdin.readline().rstrip("\n") if piped else typer.prompt("Mật khẩu", hide_input=True)
    make_home(settings())
    user = add_user(Desk(settings().desk), name, Role(role), password, by="cli", now=now())
    put_line(f"{user.name}: {user.role}")


@users.command("list")
def list_users(as_json: AsJson = False) -> None:
    """The accounts and their roles.

    Example: `langnghe user list`
    """
    from monitor.desk import Desk
    from monitor.desk.users import users as all_users

    rows = {user.name: str(user.role) for user in all_users(Desk(settings().desk))}
    put(rows, as_json, lambda: "\n".join(f"{name}: {role}" for name, role in rows.items()))


def labels() -> None:
    """The judgements of staff on alerts as JSON Lines, to train from.

    Example: `langnghe labels > judged.jsonl`
    """
    from monitor.desk import Desk
    from monitor.desk.judgements import label_lines

    for line in label_lines(Desk(settings().desk)):
        put_line(line)
