"""table.py FOLDER: one table of what `run` measured: product, peer, ratio of medians."""
import glob
import json
import statistics
import sys

folder = sys.argv[1]


def each(pattern):
    return [open(path).read() for path in sorted(glob.glob(f"{folder}/{pattern}"))]


def median(values):
    return statistics.median(values)


def product_sft(text):
    rows = [json.loads(line) for line in text.splitlines()]
    rows = [row for row in rows if "tokens_per_second" in row]
    tokens = [b["num_tokens"] - a["num_tokens"] for a, b in zip(rows, rows[1:])]
    seconds = [count / row["tokens_per_second"] for count, row in zip(tokens, rows[1:])]
    return sum(tokens) / sum(seconds), max(row["peak_memory_bytes"] for row in rows)


def decode(text):
    report = json.loads(text)
    return (report[0] if isinstance(report, list) else report)["timings"]["decode_tokens_per_second"]


sft = [product_sft(text) for text in each("product-sft-*.jsonl")]
speed, memory = median([s for s, _ in sft]), median([m for _, m in sft])
rows = []
for name, pattern in (("TRL as it comes", "trl-[0-9]*.json"), ("TRL, allocator tuned", "trl-tuned-*.json")):
    peers = [json.loads(text) for text in each(pattern)]
    rows.append(("SFT, real tokens/s", speed, name, median([p["tok_per_s"] for p in peers])))
    rows.append(("SFT, peak memory, GB", memory / 1e9, name, median([p["peak_rss_mb"] for p in peers]) * 1048576 / 1e9))
for batch in (1, 8):
    own = median([decode(text) for text in each(f"product-decode-{batch}-*.json")])
    for name, pattern in (("transformers as it comes", "hf-[0-9]*.json"), ("transformers, tuned", "hf-tuned-*.json")):
        peers = [json.loads(text)[f"decode_tok_per_s_batch{batch}"] for text in each(pattern)]
        rows.append((f"decoding, batch {batch}, tokens/s", own, name, median(peers)))
print("| what | preceptor | peer | | ratio |\n|---|---|---|---|---|")
for what, own, name, peer in rows:
    print(f"| {what} | {own:.4g} | {name} | {peer:.4g} | {own / peer:.2f} |")
cold = [float(end) - float(start) for start, end in (text.split() for text in each("cold-*.txt"))]
print(f"| cold start to the end of one token, s | {median(cold):.2f} | | | |")
