"""Compares a reward model's scores with transformers in f32. Exit status 1 where they differ.

    python Scripts/reference/check_reward_model.py ADAPTER MODEL scores.json

ADAPTER has the adapter and the score head (task_type SEQ_CLS). MODEL is an HF folder, a GGUF file
or a folder with one: the one that the scores were computed with, since rounding the weights
otherwise (a GGUF dequantised to f32, the same saved in bf16) moved scores of SmolLM2 by 4e-3.
scores.json is a list of {"tokens": [ids], "score": number}, the score read at the last token.
`REWARD_OUTPUT=.build/reward make test` writes such an adapter and scores with the default model.

transformers reads the score at the last token that is not `pad_token_id`. SmolLM2 pads with its
end-of-turn token: the one that ends an answer would be taken for padding, and the score be read
one token too early. Each row goes through alone here, without a padding token.
"""

import argparse
import json
import sys

import common
import torch
from check_peft import tensor_problems
from peft import PeftModel


def largest_difference(model, rows):
    """Over all rows; infinite where a score is no number or there are no rows."""
    differences = []
    with torch.no_grad():
        for row in rows:
            found = model(torch.tensor([row["tokens"]])).logits[0, 0].item()
            difference = abs(found - row["score"])
            differences.append(difference if difference == difference else float("inf"))
    return max(differences, default=float("inf"))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("adapter")
    parser.add_argument("model")
    parser.add_argument("scores")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()
    common.prepare()
    base = common.load_scored_model(options.model)
    base.config.pad_token_id = None
    model = PeftModel.from_pretrained(base, options.adapter).eval()
    problems = tensor_problems(model, options.adapter)
    with open(options.scores, encoding="utf-8") as file:
        rows = json.load(file)
    largest = largest_difference(model, rows)
    print(f"{len(rows)} scores, max abs difference {largest:.3e}, "
          f"tolerance {options.tolerance:.0e}")
    problems += ["the scores differ"] if largest > options.tolerance else []
    print("\n".join(problems) if problems else "PEFT loads it")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
