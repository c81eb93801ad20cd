"""A reward model on tiny-llama: a PEFT adapter for sequence classification, its head in the file."""

import os

import torch
from peft import LoraConfig, get_peft_model

from common import load_scored_model, write_tensors
from tiny_adapters import gradients, save
from tiny_models import STANDARD_DEVIATION, tokens_of


def save_reward(folder, model_folder, seed):
    """Random B and head; scores at every position, at the last, and a pair's loss (Bradley-Terry).

    The batch goes through row by row: without a padding token, transformers reads the last one."""
    torch.manual_seed(seed)
    config = LoraConfig(
        task_type="SEQ_CLS", r=4, lora_alpha=8, lora_dropout=0.0,
        target_modules=["q_proj", "v_proj"])
    model = get_peft_model(load_scored_model(model_folder), config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.requires_grad and ("lora_B" in name or "score" in name):
                weight.normal_(0.0, 0.1 if "lora_B" in name else STANDARD_DEVIATION)
    save(model, folder, os.path.basename(model_folder))
    tokens = tokens_of(2, 2, 24)
    logits = torch.cat([model(row[None]).logits[:, 0] for row in tokens])
    loss = -torch.nn.functional.logsigmoid(logits[0] - logits[1])
    loss.backward()
    with torch.no_grad():
        scored = model.base_model.model
        scores = scored.score(scored.model(tokens).last_hidden_state)[..., 0]
    write_tensors(folder, {
        "tokens": tokens, "logits": logits, "scores": scores, "loss": loss} | gradients(model))
