"""Tiny models that see, and what transformers and PEFT compute with them.

Their weights are the formula's (`vision_formula.py`), so a fixture holds config.json, the names and
shapes of the weights, and expected numbers.
"""

import json
import os

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    CLIPVisionConfig, Dinov2Config, Dinov2WithRegistersConfig, LlamaConfig, LlavaConfig,
    LlavaForConditionalGeneration, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration,
    Qwen2Config, Qwen2VLConfig, Qwen2VLForConditionalGeneration, SiglipVisionConfig)

from common import write_tensors
from vision_formula import fill, uniform, weight

VOCABULARY = 64
WORDS = 60
IMAGE = 63
LABEL_START = 2

# Heads of 16 numbers, which the kernels take.
TEXT = dict(
    hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2,
    num_key_value_heads=1, vocab_size=VOCABULARY, max_position_embeddings=512,
    bos_token_id=None, eos_token_id=None, pad_token_id=None)
TOWER = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2)
CONVOLUTION = dict(image_size=16, patch_size=4)


def llama(**changes):
    return LlamaConfig(**(TEXT | changes))


def llava(vision, text, **changes):
    return LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=IMAGE, dtype="float32", **changes)


def llava_models():
    """Name -> (configuration, side of its images in pixels)."""
    clip = CLIPVisionConfig(intermediate_size=20, **TOWER, **CONVOLUTION)
    siglip = SiglipVisionConfig(
        intermediate_size=20, vision_use_head=False, **TOWER, **CONVOLUTION)
    registers = Dinov2WithRegistersConfig(
        mlp_ratio=2, num_register_tokens=3, **TOWER, **CONVOLUTION)
    gated = Dinov2Config(mlp_ratio=2, use_swiglu_ffn=True, **TOWER, **CONVOLUTION)
    qwen = Qwen2Config(**TEXT, tie_word_embeddings=True)
    return {
        "llava-clip": (llava(clip, llama()), 16),
        "llava-siglip": (
            llava(siglip, qwen, vision_feature_select_strategy="full", vision_feature_layer=-1), 16),
        "llava-registers": (llava(registers, llama(attention_bias=True), vision_feature_layer=-1), 12),
        "llava-dinov2": (llava(gated, llama(), vision_feature_layer=[1, -1]), 20),
    }


def qwen_models():
    rope = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [2, 3, 3]}
    text = TEXT | dict(rope_parameters=rope)
    patches = dict(depth=2, num_heads=2, patch_size=4, spatial_merge_size=2, temporal_patch_size=2)
    outer = dict(image_token_id=IMAGE, vision_start_token_id=58, vision_end_token_id=59,
                 video_token_id=62, dtype="float32")
    return {
        "qwen2-vl": (Qwen2VLForConditionalGeneration, Qwen2VLConfig(
            text_config=text, vision_config=dict(
                embed_dim=16, hidden_size=32, mlp_ratio=2, **patches), **outer)),
        "qwen2.5-vl": (Qwen2_5_VLForConditionalGeneration, Qwen2_5_VLConfig(
            text_config=text | dict(tie_word_embeddings=True), vision_config=dict(
                hidden_size=16, out_hidden_size=32, intermediate_size=20, window_size=16,
                fullatt_block_indexes=[1], **patches), tie_word_embeddings=True, **outer)),
    }


# MARK: Inputs

def text_tokens(name, count):
    return ((uniform(name, [count]) + 1) / 2 * 57).long().tolist()


def rows_of(sizes):
    """Three rows: text around an image, text alone, text around two. `sizes` are their tokens."""
    image = lambda index: [IMAGE] * sizes[index]
    return [
        text_tokens("row0.a", 3) + image(0) + text_tokens("row0.b", 5),
        text_tokens("row1", 7),
        text_tokens("row2.a", 1) + image(1) + text_tokens("row2.b", 2) + image(2)
        + text_tokens("row2.c", 4),
    ]


def padded(rows):
    width = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return tokens, mask


def packed(values, rows):
    """[B, S, ...] -> the rows side by side, without padding."""
    return torch.cat([values[index, :len(row)] for index, row in enumerate(rows)])


# MARK: What is computed

def adapted(model, modules_to_save, rank=2):
    """LoRA on every linear layer by PEFT, its weights by the formula; the projector whole."""
    config = LoraConfig(
        task_type="CAUSAL_LM", r=rank, lora_alpha=4, lora_dropout=0.0, target_modules="all-linear",
        modules_to_save=modules_to_save)
    peft = get_peft_model(model, config).eval()
    with torch.no_grad():
        for name, parameter in peft.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(weight(file_name(name), parameter.shape))
    return peft


def file_name(name):
    """As in PEFT's file."""
    return name.replace(".modules_to_save.default", "").replace(".default", "")


def loss_of(logits, tokens):
    """Summed negative log-likelihood of every token from LABEL_START on that is no image."""
    logprobs = torch.log_softmax(logits[:, :-1].float(), -1)
    total = 0
    for row, (values, ids) in enumerate(zip(logprobs, tokens)):
        for place in range(LABEL_START, len(ids)):
            if 0 < ids[place] < WORDS:
                total = total - values[place - 1, ids[place]]
    return total


def expected_numbers(model, rows, inputs, pixels, features):
    """Logits of the plain and the adapted model, and gradients to adapters and pixels."""
    tokens, mask = padded(rows)
    with torch.no_grad():
        plain = model(input_ids=tokens, attention_mask=mask, pixel_values=pixels, **inputs).logits
    expected = {"tokens": torch.cat([torch.tensor(row) for row in rows]),
                "lengths": torch.tensor(list(map(len, rows))), "logits": packed(plain, rows)}
    expected |= {f"features.{index}": value for index, value in enumerate(features)}
    saved = ["multi_modal_projector"] if hasattr(model.model, "multi_modal_projector") else None
    peft = adapted(model, saved)
    pixels = pixels.clone().requires_grad_()
    logits = peft(input_ids=tokens, attention_mask=mask, pixel_values=pixels, **inputs).logits
    loss = loss_of(logits, tokens)
    loss.backward()
    expected |= {"adapted_logits": packed(logits, rows), "loss": loss, "gradient.pixels": pixels.grad}
    for name, parameter in peft.named_parameters():
        if parameter.requires_grad and parameter.grad is not None:
            expected[f"gradient.{file_name(name)}"] = parameter.grad
    return expected


def save(folder, model, expected):
    os.makedirs(folder, exist_ok=True)
    write_tensors(folder, expected)
    model.config.save_pretrained(folder)
    names = {name: list(value.shape) for name, value in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        del names["lm_head.weight"]
    lines = ",\n".join(f'"{name}": {json.dumps(sizes)}' for name, sizes in names.items())
    with open(os.path.join(folder, "weights.json"), "w", encoding="utf-8") as file:
        file.write(f"{{\n{lines}\n}}\n")


def save_llava(folder, config, side):
    model = fill(LlavaForConditionalGeneration._from_config(config, attn_implementation="eager"))
    pixels = uniform("pixels", [3, 3, side, side])
    with torch.no_grad():
        features = model.get_image_features(pixels).pooler_output
    rows = rows_of([len(value) for value in features])
    attentions = attentions_of(model, rows[0], pixels[:1]) if folder.endswith("llava-clip") else {}
    expected = expected_numbers(model, rows, {}, pixels, features)
    save(folder, fill(LlavaForConditionalGeneration._from_config(config)), expected | attentions)


def attentions_of(model, row, pixels):
    """Weights of attention of the tower's first layer and of all layers of the text."""
    with torch.no_grad():
        tower = model.model.vision_tower(pixels, output_attentions=True).attentions
        text = model(input_ids=torch.tensor([row]), pixel_values=pixels, output_attentions=True)
    layers = {f"attention.text.{index}": value[0] for index, value in enumerate(text.attentions)}
    return layers | {"attention.tower": tower[0][0]}


def save_qwen(folder, kind, config):
    model = fill(kind._from_config(config, attn_implementation="eager"))
    grids = torch.tensor([[1, 6, 4], [1, 4, 10], [1, 2, 2]])
    pixels = uniform("pixels", [int(grids.prod(-1).sum()), 3 * 2 * 4 * 4])
    with torch.no_grad():
        features = model.get_image_features(pixels, grids).pooler_output
    rows = rows_of([len(value) for value in features])
    tokens, mask = padded(rows)
    types = (tokens == IMAGE).int()
    positions, deltas = model.model.get_rope_index(
        tokens, types, image_grid_thw=grids, attention_mask=mask)
    inputs = {"image_grid_thw": grids, "mm_token_type_ids": types}
    expected = expected_numbers(model, rows, inputs, pixels, features)
    expected |= {"grids": grids, "deltas": deltas[:, 0],
                 "positions": packed(positions.permute(1, 2, 0), rows).T.contiguous()}
    save(folder, fill(kind._from_config(config)), expected)
