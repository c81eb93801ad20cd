"""busy.py FOLDER: the table of what `busy` measured, and status 1 where the product slows down too much."""
import json
import sys

from measured import each, median, product

LOADS = {"0": None, "1": 2.6, "2": 3.9}


def decode(load):
    reports = [json.loads(text) for text in each(f"product-decode-{load}-*.json")]
    return median([report["timings"]["decode_tokens_per_second"] for report in reports])


def peer(name, key):
    return lambda load: median([json.loads(text)[key] for text in each(f"{name}-{load}-tuned-*.json")])


sides = [("decoding, preceptor", decode), ("SFT, preceptor", lambda load: product(f"sft-{load}")[0])]
if each("hf-0-tuned-*.json"):
    sides[1:1] = [("decoding, transformers", peer("hf", "decode_tok_per_s_batch1"))]
    sides += [("SFT, TRL", peer("trl", "tok_per_s"))]

missed = []
print("| tokens/s | quiet | one spinning program per core | times slower | two | times slower |\n|---|---|---|---|---|---|")
for title, speed in sides:
    quiet, *busy = [speed(load) for load in LOADS]
    cells = [f"{quiet:.3g}"]
    for value, limit in zip(busy, list(LOADS.values())[1:]):
        cells += [f"{value:.3g}", f"{quiet / value:.2f}"]
        if "preceptor" in title and quiet / value > limit:
            missed.append(f"{title}: {quiet / value:.2f} times slower, the goal is {limit}")
    print(f"| {title} | {' | '.join(cells)} |")
print("\n" + ("\n".join(missed) or "Decoding and SFT of preceptor slow down by at most 2.6 and 3.9 times."))
sys.exit(1 if missed else 0)
