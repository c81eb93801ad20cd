"""Writes Tests/Fixtures/statistics/reference.json with scipy, scikit-learn and statsmodels.

    pip install numpy scipy scikit-learn statsmodels
    python Scripts/reference/statistics_reference.py

(Not `statistics.py`, which would hide Python's own module from the scripts beside it.)
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_recall_fscore_support, roc_auc_score
from sklearn.preprocessing import StandardScaler
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(0)


def proportions():
    for k, n in [(0, 7), (7, 7), (1, 3), (41, 100), (276, 500), (3210, 5000)]:
        wilson = proportion_confint(k, n, alpha=0.05, method="wilson")
        # The bootstrap of a share is exactly a scaled binomial count.
        bootstrap = stats.binom.ppf([0.025, 0.975], n, k / n) / n
        yield {"successes": k, "count": n, "wilson": list(wilson), "bootstrap": list(bootstrap)}


def difference_quantiles(b, c, n):
    """Exact 2.5 % and 97.5 % quantiles of the mean of n draws of -1, 0 and 1."""
    one = np.array([b, n - b - c, c]) / n
    total, power, exponent = np.array([1.0]), one, n
    while exponent:
        if exponent & 1:
            total = np.convolve(total, power)
        power = np.convolve(power, power)
        exponent >>= 1
    cumulative = np.cumsum(total)
    return [(int(np.searchsorted(cumulative, q)) - n) / n for q in (0.025, 0.975)]


def pairs():
    tables = [(0, 1, 4), (3, 9, 40), (17, 88, 500), (50, 50, 300), (400, 520, 5000), (2, 60, 90)]
    for b, c, n in tables:
        table = [[n - b - c, b], [c, 0]]
        corrected = mcnemar(table, exact=False, correction=True)
        low = min(b, c)
        mid = 2 * stats.binom.cdf(low, b + c, 0.5) - stats.binom.pmf(low, b + c, 0.5)
        yield {
            "onlyFirst": b,
            "onlySecond": c,
            "count": n,
            "exact": mcnemar(table, exact=True).pvalue,
            "mid": mid,
            # Equal counts: statsmodels squares the correction itself; the statistic is then 0.
            "chiSquare": 0.0 if b == c else corrected.statistic,
            "chiSquareP": 1.0 if b == c else corrected.pvalue,
            "bootstrap": difference_quantiles(b, c, n),
        }


def classifications():
    def case(gold, predicted):
        labels = sorted(set(gold) | {p for p in predicted if p is not None})
        filled = ["<none>" if p is None else p for p in predicted]
        precision, recall, f1, _ = precision_recall_fscore_support(
            gold, filled, labels=labels, zero_division=0
        )
        return {
            "gold": gold,
            "predicted": predicted,
            "labels": labels,
            "precision": list(precision),
            "recall": list(recall),
            "f1": list(f1),
            "macroF1": f1_score(gold, filled, labels=labels, average="macro", zero_division=0),
            "accuracy": float(np.mean([g == p for g, p in zip(gold, filled)])),
            "majority": max(gold.count(label) for label in labels) / len(gold),
        }

    yield case(["yes", "no", "yes", "maybe"], ["yes", "yes", None, "no"])
    yield case(["a", "a", "a"], ["a", "b", None])
    yield case(["a", "a"], [None, None])
    gold = rng.choice(["A", "B", "C", "D"], 60, p=[0.4, 0.3, 0.2, 0.1]).tolist()
    noise = rng.choice(["A", "B", "C", "D", "E", ""], 60).tolist()
    keep = rng.random(60) < 0.6
    yield case(gold, [g if k else (n or None) for g, n, k in zip(gold, noise, keep)])


def samples():
    x = rng.normal(size=37).round(1)
    y = (0.6 * x + rng.normal(size=37)).round(1)
    levels = [0, 0.025, 0.25, 0.5, 0.9, 1]
    return {
        "x": list(x),
        "y": list(y),
        "levels": levels,
        "quantiles": list(np.quantile(x, levels)),
        "mean": x.mean(),
        "standardError": stats.sem(x),
        "pearson": stats.pearsonr(x, y)[0],
        "spearman": stats.spearmanr(x, y)[0],
    }


def discriminations():
    """Classes and their probabilities, some of them tied."""
    draw = np.random.default_rng(1)
    for classes, count in [(2, 30), (3, 24), (4, 40)]:
        gold = np.concatenate([np.arange(classes), draw.integers(classes, size=count - classes)])
        scores = draw.normal(size=(count, classes)).round(1)
        scores[np.arange(count), gold] += 0.7
        shares = (np.exp(scores) / np.exp(scores).sum(1, keepdims=True)).round(5)
        shares[:, 0] += 1 - shares.sum(1)
        predicted = shares.argmax(1)
        area = (roc_auc_score(gold, shares[:, 1]) if classes == 2
                else roc_auc_score(gold, shares, multi_class="ovr", average="macro"))
        yield {
            "gold": gold.tolist(), "probabilities": shares.tolist(), "area": area,
            "balancedAccuracy": balanced_accuracy_score(gold, predicted),
            "brier": ((shares - np.eye(classes)[gold]) ** 2).sum(1).mean(),
        }


def regressions():
    """Two classes have two rows of weights here, each half of scikit-learn's one: twice its C."""
    draw = np.random.default_rng(2)
    for classes, penalty in [(3, 0.1), (3, 0.001), (2, 0.05)]:
        features = (draw.normal(size=(18, 3)) * [1, 5, 0.1] + [0, 2, 0]).round(4)
        labels = np.concatenate([np.arange(classes), draw.integers(classes, size=18 - classes)])
        asked = (draw.normal(size=(3, 3)) * [1, 5, 0.1] + [0, 2, 0]).round(4)
        scaler = StandardScaler().fit(features)
        weight = (2 if classes == 2 else 1) / (18 * penalty)
        model = LogisticRegression(C=weight, tol=1e-12, max_iter=100000)
        model.fit(scaler.transform(features), labels)
        yield {
            "features": features.tolist(), "labels": labels.tolist(), "penalty": penalty,
            "asked": asked.tolist(),
            "logProbabilities": model.predict_log_proba(scaler.transform(asked)).tolist(),
        }


reference = {
    "discriminations": list(discriminations()),
    "regressions": list(regressions()),
    "proportions": list(proportions()),
    "pairs": list(pairs()),
    "classifications": list(classifications()),
    "samples": samples(),
}
path = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/statistics/reference.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(reference, default=float) + "\n")
