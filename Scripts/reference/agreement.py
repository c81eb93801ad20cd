"""Writes Tests/Fixtures/statistics/agreement.json with statsmodels, scikit-learn, krippendorff and
choix.

    pip install numpy scikit-learn statsmodels krippendorff choix
    python Scripts/reference/agreement.py
"""

import json
import pathlib

import choix
import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

RESAMPLES = 10_000
rng = np.random.default_rng(0)


def raters(items, count, levels, noise):
    """Ratings of `count` raters, items by raters: a common truth, replaced at random."""
    truth = rng.integers(1, levels + 1, (items, 1))
    other = rng.integers(1, levels + 1, (items, count))
    return np.where(rng.random((items, count)) < noise, other, truth)


def bootstrap(statistic, items):
    """The 95 % percentile interval over items, and the statistic's standard deviation."""
    drawn = [statistic(rng.integers(0, items, items)) for _ in range(RESAMPLES)]
    drawn = [value for value in drawn if not np.isnan(value)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"lower": low, "upper": high, "deviation": np.std(drawn)}


def weighted_kappa(first, second, weights):
    """All values of the scale are labels, so that 1 and 3 are two apart also without a 2."""
    labels = list(range(int(min(first.min(), second.min())), int(max(first.max(), second.max())) + 1))
    return cohen_kappa_score(first, second, labels=labels, weights=weights)


def quadratic_kappa(first, second):
    """The same by its definition, fast enough to resample."""
    observed = np.mean((first - second) ** 2.0)
    expected = np.mean((first[:, None] - second[None, :]) ** 2.0)
    return 1 - observed / expected


def cohen():
    gaps = np.array([[1, 1], [2, 5], [5, 5], [5, 2], [1, 1], [2, 2], [1, 5], [5, 5]])
    for table in [raters(40, 2, 4, 0.4), raters(25, 2, 3, 0.9), gaps]:
        first, second = table[:, 0], table[:, 1]
        yield {
            "first": first.tolist(),
            "second": second.tolist(),
            "unweighted": weighted_kappa(first, second, None),
            "linear": weighted_kappa(first, second, "linear"),
            "quadratic": weighted_kappa(first, second, "quadratic"),
            "quadraticInterval": bootstrap(
                lambda drawn: quadratic_kappa(first[drawn], second[drawn]), len(first)),
        }


def fleiss():
    for ratings in [raters(30, 5, 4, 0.5), raters(12, 3, 2, 0.3)]:
        table, _ = aggregate_raters(ratings)
        yield {
            "ratings": ratings.tolist(),
            "kappa": fleiss_kappa(table),
            "interval": bootstrap(lambda drawn: fleiss_kappa(table[drawn]), len(table)),
        }


def alpha(ratings, level):
    """`ratings` is items by raters; the package wants raters by items."""
    return krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=level)


def krippendorff_alpha():
    # Krippendorff (2011), example C: four observers, twelve units; 0.743 nominal, 0.815 ordinal.
    nan = np.nan
    example = np.array([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ]).T
    sparse = raters(30, 4, 5, 0.4).astype(float)
    sparse[rng.random(sparse.shape) < 0.3] = nan
    for ratings in [example, sparse]:
        paired = ratings[(~np.isnan(ratings)).sum(axis=1) > 1]
        yield {
            "ratings": [[None if np.isnan(r) else int(r) for r in row] for row in ratings],
            "paired": len(paired),
            "nominal": alpha(ratings, "nominal"),
            "ordinal": alpha(ratings, "ordinal"),
            "ordinalInterval": bootstrap(
                lambda drawn: alpha(paired[drawn], "ordinal"), len(paired)),
        }


def games(count, comparisons):
    """Wins as whole games: a tie is half a win each, and every system plays one more tie that all
    others share; both times 2 (count - 1)."""
    times = count - 1
    data = [(a, b) for a in range(count) for b in range(count) if a != b]
    for first, second, outcome in comparisons:
        data += [(first, second)] * times * {"first": 2, "second": 0, "tie": 1}[outcome]
        data += [(second, first)] * times * {"first": 0, "second": 2, "tie": 1}[outcome]
    return data


def bradley_terry():
    def case(count, comparisons):
        scores = choix.mm_pairwise(count, games(count, comparisons), max_iter=100_000, tol=1e-12)
        return {
            "count": count,
            "comparisons": [{"first": a, "second": b, "outcome": o} for a, b, o in comparisons],
            "scores": list(scores - np.mean(scores)),
        }

    strengths = np.array([0.0, 0.4, 0.9, 1.7])
    mixed = []
    for _ in range(60):
        first, second = (int(place) for place in rng.choice(4, 2, replace=False))
        chance = 1 / (1 + np.exp(strengths[second] - strengths[first]))
        outcome = "tie" if rng.random() < 0.2 else "first" if rng.random() < chance else "second"
        mixed.append((first, second, outcome))
    yield case(4, mixed)
    # One that always wins, two that never meet, one without any comparison.
    yield case(5, [(0, 1, "first")] * 6 + [(2, 3, "tie"), (3, 2, "first"), (0, 2, "first")])


reference = {
    "cohen": list(cohen()),
    "fleiss": list(fleiss()),
    "krippendorff": list(krippendorff_alpha()),
    "bradleyTerry": list(bradley_terry()),
}


def text(value, depth=0):
    """JSON with one record a line: small, and changes can be read."""
    if depth < 2 and isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        lines = [("" if key is None else f"{json.dumps(key)}: ") + text(item, depth + 1)
                 for key, item in pairs]
        left, right = "{}" if isinstance(value, dict) else "[]"
        return left + "\n" + ",\n".join(lines) + "\n" + right
    return json.dumps(value, default=float)


path = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/statistics/agreement.json"
path.write_text(text(reference) + "\n")
