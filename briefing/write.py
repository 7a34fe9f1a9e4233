"""A briefing in the form asked for: as text, or as a file."""

from pathlib import Path

from briefing.brief import Briefing
from briefing.brief_text import page_of, text_of
from briefing.brief_word import word_of
from monitor.errors import ConfigError, StoreUnavailable

FORMS = ("text", "docx", "html")


def write(briefing: Briefing, form: str, path: Path | None) -> str:
    """Return the text, or write the file and return its path.  Raises ConfigError for another form."""
    if form == "text":
        return text_of(briefing)
    if form not in FORMS:
        raise ConfigError(f"--format {form} is not known: use {', '.join(FORMS)}")
    target = path or Path(f"brief-{briefing.since}-{briefing.until}.{form}")
    try:
        target.write_bytes(word_of(briefing) if form == "docx" else page_of(briefing).encode())
    except OSError as error:
        raise StoreUnavailable(f"{target}: cannot be written: {error.strerror}") from error
    return str(target)
