"""PEFT adapters on tiny-llama: seven projections, and rank-stabilised with patterns."""

import json
import os

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict

from common import load_model, next_token_logprobs, write_json, write_tensors
from tiny_models import tokens_of

PROJECTIONS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def plain_adapter():
    return LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=8, lora_dropout=0.0, target_modules=PROJECTIONS)


def rank_stabilised_adapter():
    """Scale alpha / sqrt(r); one module has a rank and an alpha of its own."""
    module = "layers.1.self_attn.v_proj"
    return LoraConfig(
        task_type="CAUSAL_LM", r=4, lora_alpha=8, lora_dropout=0.0, use_rslora=True,
        target_modules=["q_proj", "v_proj"], rank_pattern={module: 2}, alpha_pattern={module: 6})


def save_adapter(folder, model_folder, config, seed, complete):
    """The adapter with a random B, and what the model then says.

    `complete` keeps the logits of all positions; otherwise only those of the last one."""
    torch.manual_seed(seed)
    model = get_peft_model(load_model(model_folder), config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(0.0, 0.1)
    save(model, folder, os.path.basename(model_folder))
    tokens = tokens_of(2, 2, 24)
    logits = model(tokens).logits
    logprobs = next_token_logprobs(logits, tokens)
    loss = -logprobs.sum()
    loss.backward()
    expected = {"tokens": tokens, "logprobs": logprobs, "loss": loss}
    expected["logits" if complete else "last_logits"] = logits if complete else logits[:, -1]
    expected |= gradients(model)
    write_tensors(folder, expected | merged(model, tokens))


def gradients(model):
    """d loss / d weight under `gradient.` and the name that the adapter file uses."""
    named = {name: weight.grad for name, weight in model.named_parameters() if weight.requires_grad}
    file_names = get_peft_model_state_dict(model, save_embedding_layers=False)
    plain = lambda name: name.replace(".modules_to_save", "").replace(".default", "")
    result = {f"gradient.{plain(name)}": grad for name, grad in named.items()}
    assert set(result) == {f"gradient.{name}" for name in file_names}
    return result


def merged(model, tokens):
    with torch.no_grad():
        logits = model.merge_and_unload()(tokens).logits
    return {"merged_logprobs": next_token_logprobs(logits, tokens),
            "merged_last_logits": logits[:, -1]}


def save(model, folder, base_name):
    """PEFT's files, without its model card, and with sets in a fixed order."""
    model.peft_config["default"].base_model_name_or_path = base_name
    model.save_pretrained(folder, save_embedding_layers=False)
    card = os.path.join(folder, "README.md")
    if os.path.exists(card):
        os.remove(card)
    path = os.path.join(folder, "adapter_config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    if isinstance(config["target_modules"], list):
        config["target_modules"].sort()
    write_json(path, config)
