"""Writes Tests/Fixtures/datasets/pair_tokens.json: preferences and their ids as TRL's DPO has them.

    python Scripts/reference/pair_tokens.py MODEL

MODEL is an HF folder of SmolLM2-135M-Instruct. The steps are those of `DPOTrainer._prepare_dataset`
of TRL 1.16: the end-of-sequence text behind plain answers, prompt and prompt + answer tokenized,
the completion from where they differ. No answer of a conversation begins with white space:
transformers would merge it with the line break of the header, which no prompt can.
"""

import json
import os
import sys

from transformers import AutoTokenizer
from trl.data_utils import _tokenize, common_prefix_length

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def turn(role, content):
    return {"role": role, "content": content}


PAIRS = [
    ([turn("user", "Is 38.5 °C a fever?")], [turn("assistant", "Yes.")], [turn("assistant", "No, it is normal.")]),
    ([turn("system", "Be brief."), turn("user", "2 + 2?"), turn("assistant", "4"), turn("user", "And 3?")],
     [turn("assistant", "7")], [turn("assistant", "7\n\nor 8 🌡\n")]),
    ([turn("user", "Name one.")], [turn("assistant", "aspirin")], [turn("assistant", "aspirin\n")]),
    ("The sky is", " blue.", " green."),
    # The answer begins inside the prompt's last token.
    ("Aspirin inhibits plate", "lets.", "aus."),
    # One answer only merges: both begin where the first of them does.
    ("Take one ", "tablet.", " twice a day."),
    ("Fever?", "Yes<|im_end|>", "No"),
]


def ids(tokenizer, prompt, chosen, rejected):
    if isinstance(prompt, str):
        eos = tokenizer.eos_token
        chosen, rejected = (side if side.endswith(eos) else side + eos for side in (chosen, rejected))
        head = _tokenize(tokenizer, prompt)["input_ids"]
    else:
        head = _tokenize(tokenizer, prompt, add_generation_prompt=True)["input_ids"]
    sides = [_tokenize(tokenizer, prompt + side)["input_ids"] for side in (chosen, rejected)]
    length = min(common_prefix_length(head, side) for side in sides)
    return {"prompt_ids": head[:length], "chosen_ids": sides[0][length:], "rejected_ids": sides[1][length:]}


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    cases = [{"prompt": prompt, "chosen": chosen, "rejected": rejected,
              **ids(tokenizer, prompt, chosen, rejected)} for prompt, chosen, rejected in PAIRS]
    path = os.path.join(ROOT, "Tests/Fixtures/datasets/pair_tokens.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
