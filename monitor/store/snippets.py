"""The part of a published text that a query matched, with its marks as published."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from monitor.query import Phrase
from monitor.records import Document
from monitor.text import clean, folded_words, word_spans

OPEN, CLOSE = "⟦", "⟧"
_BEFORE, _LENGTH, _START = 60, 240, 1_000

Span = tuple[int, int]


def snippet(document: Document, phrases: Sequence[Phrase]) -> str:
    """Return about 240 characters around the first match in lead and text, else in the title, matches in ⟦ and ⟧."""
    if not phrases:
        return ""
    for part in (f"{document.lead} {document.text}".strip(), document.title):
        for read in _reads(part):
            text = clean(read).replace(OPEN, "[").replace(CLOSE, "]")
            found = _united(_matches(text, phrases))
            if found and (read is part or max(found[0][0] + _LENGTH, found[0][1]) < len(text)):
                return _cut(text, found)
    return ""


def _reads(part: str) -> Iterator[str]:
    """The start of a long text, where most matches are, and all of it."""
    if len(part) > _START:
        yield part[:_START].rpartition(" ")[0]
    yield part


def _matches(text: str, phrases: Sequence[Phrase]) -> Iterator[Span]:
    words = folded_words(text)
    kept = words if all(words) else list(filter(None, words))
    wanted = {tuple(p.folded.split()) for p in phrases}
    found = [(i, i + len(p) - 1) for p in wanted for i in _places(kept, p[0]) if tuple(kept[i : i + len(p)]) == p]
    if found:
        needed = max(last for _, last in found) + 1 + len(words) - len(kept)
        spans = word_spans(text, needed)
        if kept is not words:
            spans = [span for span, word in zip(spans, words, strict=False) if word]
        yield from ((spans[first][0], spans[last][1]) for first, last in found)


def _places(words: list[str], word: str) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            yield (at := words.index(word, at + 1))


def _united(matches: Iterator[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(matches):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _cut(text: str, matches: list[Span]) -> str:
    first = matches[0][0]
    begin = 0 if first <= _BEFORE else text.rfind(" ", 0, first - _BEFORE) + 1 or first
    last = max(begin + _LENGTH, matches[0][1])
    end = len(text) if len(text) <= last else max(text.rfind(" ", begin, last), matches[0][1])
    pieces = ["…" if begin else ""]
    for start, stop in (m for m in matches if m[1] <= end):
        pieces += [text[begin:start], OPEN, text[start:stop], CLOSE]
        begin = stop
    return "".join([*pieces, text[begin:end], "…" if end < len(text) else ""])
