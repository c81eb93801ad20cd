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


def decode(text):
    report = json.loads(text)
    return (report[0] if isinstance(report, list) else report)["timings"]["decode_tokens_per_second"]


rows = []


def beside(title, peer, key, own, value):
    """The row of a method beside its peer, in both of the peer's settings."""
    for name, pattern in (("as it comes", f"{peer}-[0-9]*.json"), ("allocator tuned", f"{peer}-tuned-*.json")):
        peers = [json.loads(text) for text in each(pattern)]
        rows.append((title, own, f"TRL, {name}", median([value(p[key]) for p in peers])))


speed, _, memory = product("sft")
beside("SFT, real tokens/s", "trl", "tok_per_s", speed, float)
beside("SFT, peak memory, GB", "trl", "peak_rss_mb", memory / 1e9, lambda mb: mb * 1048576 / 1e9)
_, step, memory = product("dpo")
beside("DPO, seconds a step of 4 pairs", "dpo", "median_step_s", step, float)
beside("DPO, peak memory, GB", "dpo", "peak_rss_mb", memory / 1e9, lambda mb: mb * 1048576 / 1e9)
_, step, memory = product("grpo")
beside("GRPO, seconds a step of 8 answers", "grpo", "median_step_s", step, float)
beside("GRPO, peak memory, GB", "grpo", "peak_rss_mb", memory / 1e9, lambda mb: mb * 1048576 / 1e9)
for batch in (1, 8):
    own = median([decode(text) for text in each(f"product-decode-{batch}-*.json")])
    for name, pattern in (("transformers as it comes", "hf-[0-9]*.json"), ("transformers, tuned", "hf-tuned-*.json")):
        peers = [json.loads(text)[f"decode_tok_per_s_batch{batch}"] for text in each(pattern)]
        rows.append((f"decoding, batch {batch}, tokens/s", own, name, median(peers)))
print("| what | preceptor | peer | | ratio |\n|---|---|---|---|---|")
for what, own, name, peer in rows:
    print(f"| {what} | {own:.4g} | {name} | {peer:.4g} | {own / peer:.2f} |")
tokens, step, memory = product("ppo")
print(f"| PPO, seconds a step of 8 answers | {step:.4g} | ({tokens:.0f} tokens/s, {memory / 1e9:.2f} GB) | | |")
tokens, step, memory = product("reward")
print(f"| reward model, seconds a step of 4 pairs | {step:.4g} | ({tokens:.0f} tokens/s, {memory / 1e9:.2f} GB) | | |")
cold = [float(end) - float(start) for start, end in (text.split() for text in each("cold-*.txt"))]
print(f"| cold start to the end of one token, s | {median(cold):.2f} | | | |")
