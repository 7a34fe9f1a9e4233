"""How well it is known which small stories grow, each month by a law learned from the others.

    python -m tests.bench.growth STREAM... --judged DATA/labels/stories_train.jsonl --to FOLDER

Prints how many small stories there were, as they stood each time, the share that came to four documents, the chance
that one which did is ranked before one which did not (AUC), and the calibration error in ten bins.  `langnghe train`
writes the law that is shipped.
"""

import sys

import numpy as np
from sklearn.metrics import roc_auc_score

from monitor.detect.choice import FEATURES
from nlp.stories.choice import examples
from nlp.stories.laws import fit
from tests.bench.judged import arguments, calibration_error, judged_months


def main() -> None:
    """Print a line for each month."""
    seen = {fold: examples(month.seen) for fold, month in judged_months(arguments(__doc__).parse_args()).items()}
    for fold, found in seen.items():
        law = fit(FEATURES, [example for other in seen if other != fold for example in seen[other]])
        chance = np.array([law.chance(example.values) for example in found])
        grew = np.array([example.right for example in found])
        sys.stdout.write(
            f"{fold}: {len(found)} times, {grew.mean():.3f} grew, AUC {roc_auc_score(grew, chance):.3f}, "
            f"calibration error {calibration_error(chance, grew):.3f}\n"
        )


if __name__ == "__main__":
    main()
