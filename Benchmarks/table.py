"""table.py FOLDER: one table of what `run` measured: product, peer, ratio of medians."""
import json

from measured import Table, each, median, product


def timing(name, pattern):
    """Medians of what `generate --json` says; None where it does not say it."""
    reports = [json.loads(text) for text in each(pattern)]
    values = [(report[0] if isinstance(report, list) else report)["timings"].get(name) for report in reports]
    return None if None in values else median(values)


def peak(report):
    return report["peak_rss_mb"] * 1048576 / 1e9


def seconds(report):
    return report["median_step_s"]


table = Table()
speed, _, memory = product("sft")
table.beside("SFT, real tokens/s", "trl", speed, lambda report: report["tok_per_s"])
table.beside("SFT, peak memory, GB", "trl", memory / 1e9, peak)
_, step, memory = product("dpo")
table.beside("DPO, seconds a step of 4 pairs", "dpo", step, seconds)
table.beside("DPO, peak memory, GB", "dpo", memory / 1e9, peak)
_, step, memory = product("grpo")
table.beside("GRPO, seconds a step of 8 answers", "grpo", step, seconds)
table.beside("GRPO, peak memory, GB", "grpo", memory / 1e9, peak)
for batch in (1, 8):
    table.beside(f"decoding, batch {batch}, tokens/s", "hf", timing("decode_tokens_per_second", f"product-decode-{batch}-*.json"),
                 lambda report: report[f"decode_tok_per_s_batch{batch}"], "transformers")
table.beside("prefill of 512 tokens, tokens/s", "hf", timing("prefill_tokens_per_second", "product-prefill-*.json"),
             lambda report: report["prefill_tok_per_s"], "transformers")
memory = timing("peak_memory_bytes", "product-decode-8-*.json")
if memory and "peak_rss_mb" in json.loads(each("hf-[0-9]*.json")[0]):
    table.beside("decoding and prefill, peak memory, GB", "hf", memory / 1e9, peak, "transformers")
table.show()
tokens, step, memory = product("ppo")
print(f"| PPO, seconds a step of 8 answers | {step:.4g} | ({tokens:.0f} tokens/s, {memory / 1e9:.2f} GB) | | |")
tokens, step, memory = product("reward")
print(f"| reward model, seconds a step of 4 pairs | {step:.4g} | ({tokens:.0f} tokens/s, {memory / 1e9:.2f} GB) | | |")
cold = [float(end) - float(start) for start, end in (text.split() for text in each("cold-*.txt"))]
print(f"| cold start to the end of one token, s | {median(cold):.2f} | | | |")
