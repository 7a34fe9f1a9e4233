"""An empty desk in each database: SQLite always, PostgreSQL where its programs are installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.desk import Desk

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run(program, *words):
    """Run a program of PostgreSQL, which refuses to run as root."""
    found = shutil.which(program) or str(PROGRAMS[0] / program)
    as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_other, found, *words], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def postgresql_url():
    if not PROGRAMS and not shutil.which("initdb"):
        pytest.skip("PostgreSQL is not installed")
    folder, port = Path(tempfile.mkdtemp(prefix="desk-")), free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "-D", f"{folder}/data", "-U", "desk", "--auth=trust", "--encoding=UTF8", "--no-sync")
        run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
        yield f"postgresql://desk@127.0.0.1:{port}/postgres"
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def desk_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/desk.db"
    url, schema = request.getfixturevalue("postgresql_url"), f"d{uuid.uuid4().hex}"
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{url}?options=-csearch_path%3D{schema}"


@pytest.fixture
def desk(desk_url):
    opened = Desk(desk_url)
    yield opened
    opened.close()
