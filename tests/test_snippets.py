"""Reading the start of a text first shows the same as reading all of it."""

from random import Random

import pytest
from conftest import make_document

from monitor.query import parse_query, required
from monitor.store import snippets

WORDS = ("ngập", "ngap", "lụt", "nước", "dâng", "phố", "⟦", "đường", "o\u0302", "…", "A", "mưa  to")


@pytest.mark.parametrize("seed", range(40))
def test_the_start_shows_the_same_as_the_whole(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(seed)
    rare = rng.choice(("hiếm", "triều cường"))
    words = rng.choices(WORDS, k=rng.randrange(50, 900))
    for _ in range(rng.randrange(3)):
        words.insert(rng.randrange(len(words)), rare)
    document = make_document("tin", lead=" ".join(words[:30]), text=" ".join(words[30:]))
    asked = [required(parse_query(text)) for text in (rare, f'"{rare}" ngập', '"nước dâng"', "lụt")]
    quick = [snippets.snippet(document, phrases) for phrases in asked]
    monkeypatch.setattr(snippets, "_START", 1 << 30)
    assert quick == [snippets.snippet(document, phrases) for phrases in asked]
