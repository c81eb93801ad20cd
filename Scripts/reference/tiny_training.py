"""Six optimizer steps of LoRA on tiny-llama: AdamW, warm-up and cosine, clipping."""

import os

import torch
from peft import get_peft_model, get_peft_model_state_dict
from torch.nn.functional import cross_entropy
from transformers import get_cosine_schedule_with_warmup

from common import load_model, write_json, write_tensors
from tiny_adapters import plain_adapter
from tiny_models import tokens_of

SETTINGS = {
    "learning_rate": 1e-2, "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-8,
    "weight_decay": 0.01, "warmup_steps": 2, "max_steps": 6, "max_grad_norm": 1.0,
    "lora_r": 4, "lora_alpha": 8,
}
IGNORED = -100


def batches():
    """tokens and labels [6, 2, 16]: three batches seen twice; the rows label unequal counts.

    labels[..., i] is tokens[..., i] or -100, and is predicted from the tokens before it."""
    tokens = tokens_of(5, 3, 2, 16).repeat(2, 1, 1)
    labels = tokens.clone()
    labels[:, 0, :5] = IGNORED
    labels[:, 1, :10] = IGNORED
    labels[:, 1, 14:] = IGNORED
    return tokens, labels


def optimizer_of(weights):
    s = SETTINGS
    optimizer = torch.optim.AdamW(
        weights, lr=s["learning_rate"], betas=(s["adam_beta1"], s["adam_beta2"]),
        eps=s["adam_epsilon"], weight_decay=s["weight_decay"])
    return optimizer, get_cosine_schedule_with_warmup(optimizer, s["warmup_steps"], s["max_steps"])


def step(model, weights, optimizer, schedule, tokens, labels):
    """One step; the loss is the mean over all labelled tokens, the norm is that before clipping."""
    logits = model(tokens).logits[:, :-1]
    loss = cross_entropy(logits.flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(weights, SETTINGS["max_grad_norm"])
    rate = optimizer.param_groups[0]["lr"]
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    return {"loss": loss.item(), "learning_rate": rate, "grad_norm": norm.item()}


def weights_as(prefix, model):
    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    return {f"{prefix}.{name}": weight.clone() for name, weight in state.items()}


def save_training(folder, model_folder):
    torch.manual_seed(6)
    model = get_peft_model(load_model(model_folder), plain_adapter())
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    tokens, labels = batches()
    expected = {"tokens": tokens, "labels": labels} | weights_as("initial", model)
    optimizer, schedule = optimizer_of(weights)
    steps = [step(model, weights, optimizer, schedule, tokens[i], labels[i])
             for i in range(SETTINGS["max_steps"])]
    write_tensors(folder, expected | weights_as("final", model))
    write_json(os.path.join(folder, "expected.json"), {"settings": SETTINGS, "steps": steps})
