"""Compares a tokenizer folder that the program wrote with the model it was written from.

    TOKENIZER_OUTPUT=.build/tokenizer make test
    check_tokenizer_folder.py .build/tokenizer SMOLLM2.gguf

Status 1 where ids, decoded text, special tokens or conversations differ.
"""

import json
import os
import shutil
import sys
import tempfile

from transformers import AutoTokenizer

from chat_fixtures import CONVERSATIONS
from common import load_tokenizer
from tokenizer_fixtures import texts


def load_written(path):
    """The tokenizer as a model's folder has it, which says of what kind the model is."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(path, folder, dirs_exist_ok=True)
        with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
            json.dump({"model_type": "llava"}, file)
        return AutoTokenizer.from_pretrained(folder)


def main():
    written = load_written(sys.argv[1])
    model = load_tokenizer(sys.argv[2])
    image = written.convert_tokens_to_ids("<image>")
    faults = []
    if image != len(model) or len(written) != len(model) + 1:
        faults.append(f"<image> is {image} of {len(written)}, the model has {len(model)}")
    for name in ("bos_token", "eos_token", "pad_token", "unk_token"):
        if getattr(written, name) != getattr(model, name):
            faults.append(f"{name}: {getattr(written, name)} is not {getattr(model, name)}")
    cases = texts(2000, 11)
    for text in cases:
        ids = written.encode(text)
        if ids != model.encode(text) or written.decode(ids) != model.decode(ids):
            faults.append(f"text {text!r}")
    if written.encode("a<image>b") != model.encode("a") + [image] + model.encode("b"):
        faults.append("<image> in a text")
    for name, turns in CONVERSATIONS.items():
        messages = [{"role": role, "content": content} for role, content in turns]
        one, other = (tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)
                      for tokenizer in (written, model))
        if one["input_ids"] != other["input_ids"]:
            faults.append(f"conversation {name}")
    print("\n".join(faults[:20]) or f"{len(cases)} texts and {len(CONVERSATIONS)} conversations agree")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
