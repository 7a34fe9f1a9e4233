"""Files that came with answers: kept in the home by digest, of known types and sizes only."""

import os
import zipfile
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from monitor.errors import StoreUnavailable, WrongInput
from monitor.records import StoredFile
from monitor.text import clean

LARGEST = 20 << 20

_LONGEST_NAME = 120
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def keep_file(home: Path, name: str, content: bytes) -> StoredFile:
    """Keep a file under `home/files` and return what names it; keeping it twice is keeping it once.

    Raises InputError when it is empty, over LARGEST, or by its content no PDF, PNG, JPEG, DOCX, XLSX or plain text.
    """
    shown = file_name(name)
    if not 0 < len(content) <= LARGEST:
        raise WrongInput("file.size", file=shown, most=LARGEST >> 20)
    kind = next((kind for kind, fits in _KINDS.items() if fits(content)), None)
    if kind is None:
        raise WrongInput("file.kind", file=shown)
    stored = StoredFile(digest=sha256(content).hexdigest(), name=shown, kind=kind, size=len(content))
    _write(path_of(home, stored.digest), content)
    return stored


def path_of(home: Path, digest: str) -> Path:
    """Return where the content of that digest is kept.  Raises InputError for what is no digest."""
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise WrongInput("file.none")
    return home / "files" / digest[:2] / digest


def file_name(name: str) -> str:
    """Return the last part of a name, without what a header, a page or a file system could take amiss."""
    last = clean(name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isalnum() or c in " ._-()" else "_" for c in last).strip(" .")
    return kept[-_LONGEST_NAME:] or "file"


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"{path.parent}: cannot be written: {error.strerror}") from error


def _office(folder: str) -> Callable[[bytes], bool]:
    def fits(content: bytes) -> bool:
        try:
            names = zipfile.ZipFile(BytesIO(content)).namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        macros = any(name.lower().endswith("vbaproject.bin") for name in names)
        return "[Content_Types].xml" in names and any(n.startswith(folder) for n in names) and not macros

    return fits


def _plain(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(c < " " and c not in "\t\r\n" for c in text) and not text.lstrip().startswith(("<", "#!"))


_KINDS: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": lambda content: content.startswith(b"%PDF-"),
    "image/png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    _OFFICE["word/"]: _office("word/"),
    _OFFICE["xl/"]: _office("xl/"),
    "text/plain": _plain,
}
