"""What the tables share: the files that `run` wrote into a folder, their medians, a table of them."""
import glob
import json
import statistics
import sys

folder = sys.argv[1]
median = statistics.median


def each(pattern):
    return [open(path).read() for path in sorted(glob.glob(f"{folder}/{pattern}"))]


def curves(text):
    """Seconds and tokens of each step but the first, and the peak memory."""
    rows = [row for row in map(json.loads, text.splitlines()) if "tokens_per_second" in row]
    tokens = [b["num_tokens"] - a["num_tokens"] for a, b in zip(rows, rows[1:])]
    seconds = [count / row["tokens_per_second"] for count, row in zip(tokens, rows[1:])]
    return seconds, tokens, max(row["peak_memory_bytes"] for row in rows)


def product(method):
    """Medians over the repeats: tokens a second, median seconds a step, peak bytes."""
    runs = [curves(text) for text in each(f"product-{method}-*.jsonl")]
    return (median([sum(t) / sum(s) for s, t, _ in runs]), median([median(s) for s, _, _ in runs]),
            median([m for _, _, m in runs]))


class Table:
    """Rows of a measure of the product beside its peer's, and the ratio of the two."""

    def __init__(self):
        self.rows = []

    def beside(self, title, peer, own, value, name="TRL"):
        """The row beside a peer in both of its settings; `value` is of the JSON that it printed."""
        settings = ((f"{name}, as it comes", f"{peer}-[0-9]*.json"),
                    (f"{name}, allocator tuned", f"{peer}-tuned-*.json"))
        for setting, pattern in settings:
            self.rows.append((title, own, setting, median([value(json.loads(t)) for t in each(pattern)])))

    def show(self):
        print("| what | preceptor | peer | | ratio |\n|---|---|---|---|---|")
        for what, own, name, peer in self.rows:
            print(f"| {what} | {own:.4g} | {name} | {peer:.4g} | {own / peer:.2f} |")
