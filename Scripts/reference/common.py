"""What the reference scripts share: loading a model, log-probabilities, writing expected values."""

import json
import os
import sys

# This folder goes last: torch imports `statistics`, and means the one of the standard library.
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.sort(key=lambda folder: os.path.realpath(folder) == HERE)
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import peft
import torch
import transformers
from gguf import GGUFReader
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from transformers import (
    AutoModelForCausalLM, AutoModelForSequenceClassification, AutoTokenizer)

MADE_WITH = ", ".join(f"{m.__name__} {m.__version__}" for m in (torch, transformers, peft))


def prepare():
    """One thread and deterministic operators, so that a second run writes the same bytes."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def gguf_name(path):
    """(folder, file name) of a GGUF file or of the only one in a folder; None for an HF folder."""
    if path.endswith(".gguf"):
        return os.path.dirname(path) or ".", os.path.basename(path)
    if os.path.exists(os.path.join(path, "config.json")):
        return None
    names = [name for name in os.listdir(path) if name.endswith(".gguf")]
    if len(names) != 1:
        raise SystemExit(f"{path}: needs a config.json or exactly one GGUF file, has {len(names)}")
    return path, names[0]


def load_model(path, kind=AutoModelForCausalLM, **settings):
    """The model in f32 (a GGUF file dequantised) with plain attention, for evaluation."""
    found = gguf_name(path)
    folder, extra = (found[0], {"gguf_file": found[1]}) if found else (path, {})
    model = kind.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", **extra, **settings)
    return model.eval()


def load_scored_model(path):
    """The model with a new head that gives one score; otherwise as `load_model`."""
    return load_model(path, AutoModelForSequenceClassification, num_labels=1)


def load_tokenizer(path):
    """The tokenizer of an HF folder or of a GGUF file.

    transformers drops `tokenizer.ggml.pre` when it converts a GGUF file. SmolLM2 isolates every
    digit before the GPT-2 pattern applies (it shows in two spaces before a digit): put back here.
    """
    found = gguf_name(path)
    if found is None:
        return AutoTokenizer.from_pretrained(path)
    tokenizer = AutoTokenizer.from_pretrained(found[0], gguf_file=found[1])
    field = GGUFReader(os.path.join(*found)).fields.get("tokenizer.ggml.pre")
    if field is not None and field.contents() == "smollm":
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False)])
    return tokenizer


def next_token_logprobs(logits, tokens):
    """Log-probability of tokens[:, 1:]: logits [B, S, V], tokens [B, S] -> [B, S - 1]."""
    logprobs = torch.log_softmax(logits[:, :-1], dim=-1)
    return logprobs.gather(-1, tokens[:, 1:, None])[..., 0]


def greedy(model, prompt, count):
    """The `count` greedy tokens after prompt [S], and the smallest lead of a winner (in logits).

    A small lead would let rounding choose another token, and the test would be of luck."""
    output = model.generate(
        prompt[None], attention_mask=torch.ones_like(prompt)[None], do_sample=False,
        max_new_tokens=count, eos_token_id=None, pad_token_id=0,
        return_dict_in_generate=True, output_logits=True)
    best = torch.cat(output.logits).topk(2).values
    return output.sequences[0, len(prompt):], (best[:, 0] - best[:, 1]).min().item()


def write_tensors(folder, tensors):
    """expected.safetensors; one metadata key only, since the order of several is not fixed."""
    os.makedirs(folder, exist_ok=True)
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()},
              os.path.join(folder, "expected.safetensors"), metadata={"made_with": MADE_WITH})


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")


def read_json_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
