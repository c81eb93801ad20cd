"""table.py FOLDER LENGTH MODELS: what `run vision` measured of each model: product, peer, ratio of medians."""
import json
import sys

from measured import Table, each, median, product


def peak(report):
    return report["peak"] / 1e9


def step(report):
    return median(report["steps"])


def warm(report):
    """The first of a process is a matter of its own."""
    return median(report["seconds"][1:])


length, models = sys.argv[2], sys.argv[3].split()
titles = {"tiny": "Tiny: CLIP of two layers, 16 tokens an image; Llama of two layers",
          "real": "DINOv2 ViT-S, 148 tokens an image; SmolLM2-135M"}
for model in models:
    table = Table()
    _, seconds, memory = product(f"{model}-sft")
    table.beside("SFT, seconds a step of 8", f"{model}-sft", seconds, step)
    table.beside("SFT, peak memory, GB", f"{model}-sft", memory / 1e9, peak)
    _, seconds, memory = product(f"{model}-grpo")
    table.beside(f"GRPO, seconds a step of 8 answers of {length} tokens", f"{model}-grpo", seconds, step)
    table.beside("GRPO, peak memory, GB", f"{model}-grpo", memory / 1e9, peak)
    own = [json.loads(text) for text in each(f"product-{model}-prefill-*.json")]
    name = "transformers"
    for what, value in (("prefill of an image prompt, s", warm),
                        ("the first of a process, s", lambda report: report["seconds"][0]),
                        ("prefill, peak memory, GB", peak)):
        table.beside(what, f"{model}-prefill", median(map(value, own)), value, name)
    own = median(map(warm, own))
    table.beside("prefill beside their model alone, s", f"{model}-prefill", own,
                 lambda report: median(report["model"][1:]), name)
    print(f"\n{titles[model]}\n")
    table.show()
