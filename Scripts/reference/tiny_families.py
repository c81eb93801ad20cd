"""Tiny decoders of every family but Llama, and what transformers and PEFT compute with them.

Their weights are the formula's (`vision_formula.py`), so a fixture holds config.json, the names and
shapes of the weights with llama.cpp's names beside them, and expected numbers.
"""

import json
import os

import gguf
import torch
from transformers import AutoModelForCausalLM
from transformers import Gemma2Config, Qwen2Config, Qwen3Config, SmolLM3Config, StableLmConfig
from transformers import Starcoder2Config

from common import write_json, write_tensors
from tiny_vision import adapted, file_name, packed, padded
from vision_formula import fill, uniform

VOCABULARY = 40

# Heads of 16 numbers, which the kernels take.
SIZES = dict(
    hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=1, vocab_size=VOCABULARY, max_position_embeddings=512,
    bos_token_id=None, eos_token_id=None, pad_token_id=None, dtype="float32",
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0})


def families():
    """Folder -> (configuration, llama.cpp's architecture, changes to config.json).

    `parrot` is no model of anybody's: the family that Documentation/AddingAModel.md adds."""
    arch = gguf.MODEL_ARCH
    full = ["full_attention"] * 2
    partial = {"rope_type": "default", "rope_theta": 10000.0, "partial_rotary_factor": 0.5}
    return {
        "qwen2": (Qwen2Config(**SIZES), arch.QWEN2, {}),
        "qwen3": (
            Qwen3Config(**SIZES | dict(num_attention_heads=4, num_key_value_heads=2), head_dim=16),
            arch.QWEN3, {}),
        "smollm3": (SmolLM3Config(**SIZES | dict(num_hidden_layers=4)), arch.SMOLLM3, {}),
        "stablelm": (
            StableLmConfig(**SIZES | dict(rope_parameters=partial), use_qkv_bias=True,
                           use_parallel_residual=True), arch.STABLELM, {}),
        "gemma2": (
            Gemma2Config(**SIZES, head_dim=16, query_pre_attn_scalar=24, layer_types=full,
                         attn_logit_softcapping=None, final_logit_softcapping=None),
            arch.GEMMA2, {}),
        "parrot": (
            Starcoder2Config(**SIZES), arch.STARCODER2,
            {"model_type": "parrot", "architectures": ["ParrotForCausalLM"]}),
    }


def save_family(folder, config, arch, changes):
    model = fill(AutoModelForCausalLM.from_config(config, attn_implementation="eager"))
    rows = [((uniform(f"row{index}", [count]) + 1) / 2 * VOCABULARY).long().tolist()
            for index, count in enumerate([9, 5])]
    save_description(folder, model, arch, changes)
    tokens, mask = padded(rows)
    peft = adapted(model, None, rank=1)
    logits = peft(input_ids=tokens, attention_mask=mask).logits
    loss = -sum(
        torch.log_softmax(values[:len(row) - 1], -1).gather(1, torch.tensor(row[1:])[:, None]).sum()
        for values, row in zip(logits, rows))
    loss.backward()
    gradients = sorted((file_name(name), parameter.grad)
                       for name, parameter in peft.named_parameters() if parameter.requires_grad)
    write_tensors(folder, {
        "tokens": torch.cat([torch.tensor(row) for row in rows]),
        "lengths": torch.tensor(list(map(len, rows))), "logits": packed(logits, rows),
        "loss": loss, "gradients": torch.cat([grad.flatten() for _, grad in gradients])})


def save_description(folder, model, arch, changes):
    """config.json, and weights.json: name -> [shape, llama.cpp's name], of the first layer only."""
    os.makedirs(folder, exist_ok=True)
    model.config.save_pretrained(folder)
    path = os.path.join(folder, "config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    write_json(path, config | changes)
    names = gguf.get_tensor_name_map(arch, model.config.num_hidden_layers)
    tensors = model.state_dict()
    if model.config.tie_word_embeddings:
        del tensors["lm_head.weight"]
    entries = {name: [list(value.shape), names.get_name(name, (".weight", ".bias"))]
               for name, value in tensors.items()
               if ".layers." not in name or ".layers.0." in name}
    lines = ",\n".join(f'"{name}": {json.dumps(entry)}' for name, entry in entries.items())
    with open(os.path.join(folder, "weights.json"), "w", encoding="utf-8") as file:
        file.write(f"{{\n{lines}\n}}\n")
