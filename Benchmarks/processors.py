"""processors.py FOLDER: the table of what `processors` measured."""
import json
import os

from measured import each, median, product

peer_dtype = os.environ["PEER_DTYPE"]


def timings(pattern, key):
    reports = [json.loads(text) for text in each(pattern)]
    return median([(report[0] if isinstance(report, list) else report)["timings"][key] for report in reports])


def peer(pattern, key):
    return median([json.loads(text)[key] for text in each(pattern)])


def both(value):
    return value("bf16"), value("f32")


def hf(key):
    """The better of the two kinds of numbers, and which it is."""
    return max((peer(f"hf-{dtype}-tuned-*.json", key), dtype) for dtype in ("bf16", "f32"))


rows = [
    ("SFT, real tokens/s", both(lambda d: product(f"sft-{d}")[0]), (peer("trl-tuned-*.json", "tok_per_s"), peer_dtype), "TRL"),
    ("SFT, peak memory, GB", both(lambda d: product(f"sft-{d}")[2] / 1e9),
     (peer("trl-tuned-*.json", "peak_rss_mb") * 1048576 / 1e9, peer_dtype), "TRL"),
    ("GRPO, seconds a step of 8 answers", both(lambda d: product(f"grpo-{d}")[1]),
     (peer("grpo-tuned-*.json", "median_step_s"), peer_dtype), "TRL"),
    ("GRPO, peak memory, GB", both(lambda d: product(f"grpo-{d}")[2] / 1e9),
     (peer("grpo-tuned-*.json", "peak_rss_mb") * 1048576 / 1e9, peer_dtype), "TRL"),
]
for batch in (1, 8):
    rows.append((f"decoding, batch {batch}, tokens/s",
                 both(lambda d: timings(f"product-decode{batch}-{d}-*.json", "decode_tokens_per_second")),
                 hf(f"decode_tok_per_s_batch{batch}"), "transformers"))
rows.append(("prefill of about 512 tokens, tokens/s",
             both(lambda d: timings(f"product-prefill-{d}-*.json", "prefill_tokens_per_second")),
             hf("prefill_tok_per_s"), "transformers"))
print("| what | preceptor, bf16 | f32 | peer, tuned | bf16 / peer | bf16 / f32 |\n|---|---|---|---|---|---|")
for title, (half, full), (value, dtype), name in rows:
    print(f"| {title} | {half:.3g} | {full:.3g} | {name}, {dtype}: {value:.3g} | {half / value:.2f} | {half / full:.2f} |")
