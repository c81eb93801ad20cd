"""Compares `preceptor score` with transformers in f32. Exit status 1 where they differ.

    python Scripts/reference/check_score.py MODEL rows.jsonl out.jsonl [--adapter ADAPTER]

MODEL is an HF folder, a GGUF file or a folder with one. rows.jsonl is the input of `preceptor
score` (`prompt` and `completion`, strings or lists of messages), out.jsonl its output.
"""

import argparse
import sys

import common
from peft import PeftModel
from scoring import compare


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("rows")
    parser.add_argument("scores")
    parser.add_argument("--adapter", help="PEFT folder")
    parser.add_argument("--tolerance", type=float, default=1e-3)
    options = parser.parse_args()
    common.prepare()
    model = common.load_model(options.model)
    if options.adapter:
        model = PeftModel.from_pretrained(model, options.adapter).eval()
    scores = common.read_json_lines(options.scores)
    largest, problems = compare(
        model, common.load_tokenizer(options.model), common.read_json_lines(options.rows), scores)
    for problem in problems:
        print(problem)
    print(f"{len(scores)} rows, max abs difference {largest:.3e}, "
          f"tolerance {options.tolerance:.0e}")
    sys.exit(1 if problems or largest > options.tolerance else 0)


if __name__ == "__main__":
    main()
