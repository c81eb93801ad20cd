"""What the peer's scripts share: a folder in LLaVA's layout as transformers loads it, records, clocks."""
import json
import resource
import time

import torch
from peft import LoraConfig
from PIL import Image
from transformers import (AutoImageProcessor, AutoTokenizer, LlavaForConditionalGeneration,
                          LlavaProcessor, TrainerCallback)

# The folder's template takes texts only; this renders the same from the parts that processors give.
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
    "<|im_end|>\n' }}{% endif %}{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{% for part in message['content'] %}"
    "{{ '<image>' if part['type'] == 'image' else part['text'] }}{% endfor %}"
    "{{ '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
DTYPES = {"bf16": torch.bfloat16, "f32": torch.float32}


def load(folder, dtype):
    """Model and processor. The composed folder's image id lies behind its table of embeddings, where
    transformers looks it up all the same: one row more."""
    model = LlavaForConditionalGeneration.from_pretrained(folder, dtype=DTYPES[dtype])
    table = model.get_input_embeddings().num_embeddings
    if model.config.image_token_id >= table:
        model.resize_token_embeddings(model.config.image_token_id + 1, mean_resizing=False)
    vision = model.config.vision_config
    processor = LlavaProcessor(
        AutoImageProcessor.from_pretrained(folder), AutoTokenizer.from_pretrained(folder),
        patch_size=vision.patch_size, chat_template=TEMPLATE,
        vision_feature_select_strategy=model.config.vision_feature_select_strategy,
        num_additional_image_tokens=1 + getattr(vision, "num_register_tokens", 0))
    return model, processor


def records(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def image(path):
    with Image.open(path) as picture:
        return picture.convert("RGB")


def turns(record):
    """A record's conversation, the image in parts as processors take it, and without the answer."""
    content = record["prompt"][0]["content"]
    parts = [{"type": "image"}, {"type": "text", "text": content.removeprefix("<image>\n")}]
    return [{"role": "user", "content": parts}]


def question(record):
    """The same as TRL takes it: a text, the image in a column of its own."""
    content = record["prompt"][0]["content"]
    return [{"role": "user", "content": content.removeprefix("<image>\n")}]


def adapter():
    """On the decoder's projections, as the product's recipe."""
    return LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, task_type="CAUSAL_LM",
                      target_modules=r".*language_model.*_proj")


class Clock(TrainerCallback):
    """Seconds of each optimizer step but the first, from the end of the one before: batches are made
    between the steps. `processor` counts those of all threads, which other programs disturb less."""

    def __init__(self):
        self.ends = []

    def on_step_end(self, *_, **__):
        self.ends.append((time.perf_counter(), time.process_time()))

    @property
    def steps(self):
        """The members of a report that tell of time."""
        pairs = list(zip(self.ends, self.ends[1:]))
        return {"steps": [after[0] - before[0] for before, after in pairs],
                "processor": [after[1] - before[1] for before, after in pairs]}


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def settings(dtype, **others):
    """What both trainers run with; TRL recomputes activations unless told not to."""
    return dict(per_device_train_batch_size=8, logging_steps=1, save_strategy="no", report_to=[],
                bf16=dtype == "bf16", use_cpu=True, gradient_checkpointing=False, seed=0,
                disable_tqdm=True) | others
