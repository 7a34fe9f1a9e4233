"""Print recall and precision of redaction by kind on the invented sentences, and its speed.

python -m tests.bench.redaction [--misses]
"""

import sys
import time
from collections import Counter

from nlp.redact import WORDS, find, redact
from tests.redaction_sentences import Sentence, sentences


def leaked(sentence: Sentence, start: int, end: int, found: list[tuple[str, int, int]]) -> str:
    """Return the letters and digits of one stretch that no find covers."""
    return "".join(
        c
        for i, c in enumerate(sentence.text[start:end], start)
        if c.isalnum() and not any(f <= i < t for _, f, t in found)
    )


def measure(group: str, *, each: int, seed: int, misses: bool = False) -> dict[str, Counter[str]]:
    """Return for each kind: asked, found (nothing leaks), given (finds), right (finds that touch what was asked)."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in WORDS}
    for sentence in sentences(group, each=each, seed=seed):
        found = [(span.kind, span.start, span.end) for span in find(sentence.text, names=True)]
        for kind, start, end in sentence.spans:
            left = leaked(sentence, start, end, found)
            counts[kind].update(asked=1, found=not left)
            if left and misses:
                sys.stdout.write(f"  missed {kind} {sentence.text[start:end]!r} in {sentence.text!r}\n")
        for kind, start, end in found:
            right = any(start < last and first < end for _, first, last in sentence.spans)
            counts[kind].update(given=1, right=right)
            if not right and misses:
                sys.stdout.write(f"  wrong {kind} {sentence.text[start:end]!r} in {sentence.text!r}\n")
    return counts


def share(count: Counter[str], part: str, whole: str) -> str:
    return f"{count[part] / count[whole]:7.3f}" if count[whole] else "      -"


def table(counts: dict[str, Counter[str]]) -> str:
    """Return the counts as lines: kind, asked, recall, finds, precision."""
    counts = {**counts, "all": sum(counts.values(), Counter())}
    rows = [
        f"{kind:9} {c['asked']:6} {share(c, 'found', 'asked')} {c['given']:6} {share(c, 'right', 'given')}"
        for kind, c in counts.items()
    ]
    return "\n".join(("kind       asked  recall  finds precision", *rows, ""))


def speed(names: bool) -> float:
    """Return sentences redacted a second of processor time."""
    texts = [sentence.text for sentence in sentences("first", each=20, seed=9)]
    start = time.process_time()
    for text in texts:
        redact(text, names=names)
    return len(texts) / (time.process_time() - start)


def main() -> None:
    misses = "--misses" in sys.argv
    for group in ("first", "second", "third"):
        counts = measure(group, each=12, seed=7, misses=misses)
        sys.stdout.write(f"{group} templates\n{table(counts)}\n")
    sys.stdout.write(f"sentences/s without names {speed(names=False):.0f}, with names {speed(names=True):.0f}\n")


if __name__ == "__main__":
    main()
