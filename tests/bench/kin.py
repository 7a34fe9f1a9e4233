"""Which stories are part of an open issue, learned from judged stories.

    python -m tests.bench.kin STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER [--save]

An issue opens for each judged concern when a story of it has three documents, and takes what belongs to it; each other
story beside each open issue, as it grows, is an example.  Prints how many that belong together the law of the other
months finds, and how many of those found do belong, from each chance on; `--save` writes the law that is shipped.
"""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from monitor.detect import kinship
from monitor.detect.entry import Entry
from monitor.detect.gist import Gist
from monitor.detect.levels import SILENT_HOURS
from monitor.detect.stories import Stories
from nlp.annotate import Annotator
from nlp.law_training import Example, fit, save
from tests.bench.joins import entries, happenings
from tests.bench.judged import arguments, fold_of, most_of

MODEL = Path(kinship.__file__).with_name("kinship.json")
CHANCES = (0.3, 0.45, 0.6, 0.7, 0.8)
_OPENS = 3
_SIZES = (2, 3, 5, 8, 13, 21)
# A story that nobody judged is probably of another happening; one that hardly concerns anybody is never compared.
_UNKNOWN = 0.3
_CONCERN = 0.15


def examples(month: Sequence[Entry], concerns: Collection[str], judged: Mapping[str, str]) -> Iterator[Example]:
    """Yield stories beside issues as the month goes on; `judged` gives the happening of each URL."""
    stories, issues = Stories(), dict[str, Gist]()
    of = dict[int, str]()
    for entry in month:
        joined = stories.add(entry, of)
        if joined.story in of:
            for told in (*joined.brought, entry):
                issues[of[joined.story]].add(told)
            continue
        about = stories.of(joined.story)
        happening = most_of(judged, [told.url for told in about])
        known = happening if happening in concerns else None
        if len(about) in _SIZES and (happening or _mean(about) >= _CONCERN):
            yield from _beside(stories.gists[joined.story], happening, issues, entry.at)
        if known and (known in issues or len(about) >= _OPENS) and len(about) in _SIZES[1:]:
            issue = issues.setdefault(known, Gist())
            of[joined.story] = known
            for told in about:
                issue.add(told)


def _beside(story: Gist, happening: str | None, issues: Mapping[str, Gist], now: float) -> Iterator[Example]:
    for name, issue in issues.items():
        if now - issue.last < SILENT_HOURS * 3600:
            weight = 1.0 if happening else _UNKNOWN
            yield Example(kinship.features(story, issue, now), happening == name, weight)


def _mean(about: Sequence[Entry]) -> float:
    return sum(entry.concern for entry in about) / len(about)


def main() -> None:
    """Print what the law finds, and save it if asked."""
    parser = arguments(__doc__)
    parser.add_argument("--save", action="store_true")
    asked = parser.parse_args()
    annotator = Annotator.load()
    seen: dict[str, list[Example]] = {}
    for path in asked.stream:
        month = path.name[:7]
        concerns = set(happenings(asked.judged, fold_of(month), least=1).values())
        judged = happenings(asked.judged, fold_of(month))
        seen[month] = list(examples(entries(path, asked.to, annotator), concerns, judged))
    laws = {m: fit(kinship.FEATURES, [e for n in seen if n != m for e in seen[n]]) for m in seen}
    tried = [(laws[m].chance(e.values), e.right, e.weight) for m, found in seen.items() for e in found]
    sys.stdout.write(f"{len(tried)} examples, {sum(right for _, right, _ in tried)} belong together\n")
    for bar in CHANCES:
        found = [(right, weight) for chance, right, weight in tried if chance >= bar]
        right = sum(right for right, _ in found)
        recall, precision = right / sum(r for _, r, _ in tried), right / max(sum(w for _, w in found), 1)
        sys.stdout.write(f"from {bar}: recall {recall:.3f}, precision {precision:.3f}\n")
    if asked.save:
        save(fit(kinship.FEATURES, [e for found in seen.values() for e in found]), MODEL)


if __name__ == "__main__":
    main()
