"""A PEFT folder for a model that sees: LoRA by regular expression, the projector whole."""

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlavaForConditionalGeneration

from common import write_tensors
from tiny_adapters import save
from tiny_vision import file_name, llava_models, padded, packed, rows_of
from vision_formula import fill, uniform, weight

PATTERN = r".*(language_model.*\.[qv]_proj|vision_tower.*\.fc1)"


def save_adapter(folder):
    config, side = llava_models()["llava-clip"]
    model = fill(LlavaForConditionalGeneration._from_config(config, attn_implementation="eager"))
    settings = LoraConfig(
        task_type="CAUSAL_LM", r=2, lora_alpha=4, target_modules=PATTERN,
        modules_to_save=["multi_modal_projector"])
    peft = get_peft_model(model, settings).eval()
    with torch.no_grad():
        for name, parameter in peft.named_parameters():
            if parameter.requires_grad:
                parameter.copy_(weight("other." + file_name(name), parameter.shape))
    pixels = uniform("pixels", [3, 3, side, side])
    rows = rows_of([16, 16, 16])
    tokens, mask = padded(rows)
    with torch.no_grad():
        logits = peft(input_ids=tokens, attention_mask=mask, pixel_values=pixels).logits
    save(peft, folder, "llava-clip")
    write_tensors(folder, {"logits": packed(logits, rows)})
