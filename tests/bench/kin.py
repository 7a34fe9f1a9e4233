"""How well stories are known to be part of an open issue, each month by a law learned from the others.

    python -m tests.bench.kin STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER

Prints how many that belong together are found, and how many of those found do belong, from each chance on.
`langnghe train` writes the law that is shipped.
"""

import sys

from monitor.detect import kinship
from monitor.detect.law import shipped
from nlp.stories.joins import entries
from nlp.stories.judged import happenings
from nlp.stories.kin import examples
from nlp.stories.laws import fit
from tests.bench.judged import arguments, months

CHANCES = (0.3, 0.45, 0.6, 0.7, 0.8)


def main() -> None:
    """Print what the laws find."""
    asked = arguments(__doc__).parse_args()
    seen = {}
    for fold, hits in months(asked).items():
        concerns = set(happenings(asked.judged, fold, least=1).values())
        seen[fold] = list(examples(entries(hits), concerns, happenings(asked.judged, fold), shipped("join")))
    laws = {m: fit(kinship.FEATURES, [e for n in seen if n != m for e in seen[n]]) for m in seen}
    tried = [(laws[m].chance(e.values), e.right, e.weight) for m, found in seen.items() for e in found]
    sys.stdout.write(f"{len(tried)} examples, {sum(right for _, right, _ in tried)} belong together\n")
    for bar in CHANCES:
        found = [(right, weight) for chance, right, weight in tried if chance >= bar]
        right = sum(right for right, _ in found)
        recall, precision = right / sum(r for _, r, _ in tried), right / max(sum(w for _, w in found), 1)
        sys.stdout.write(f"from {bar}: recall {recall:.3f}, precision {precision:.3f}\n")


if __name__ == "__main__":
    main()
