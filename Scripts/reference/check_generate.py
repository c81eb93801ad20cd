"""Compares what `preceptor generate` said about an image with transformers. Exit status 1 where they differ.

    ./preceptor generate --model MODEL --image IMAGE --prompt PROMPT --temperature 0 --json > answer.json
    python Scripts/reference/check_generate.py MODEL IMAGE PROMPT answer.json

MODEL is a folder of LLaVA or Qwen2.5-VL, of any size: its weights are mapped, in the type they are stored in, and the
log-probabilities of the answer's tokens computed once.
"""

import argparse
import json
import os
import sys

import common
import torch
import transformers
from PIL import Image
from sentencepiece_fixtures import official
from transformers import AutoConfig, AutoImageProcessor, AutoTokenizer


def tokenizer_of(folder):
    """LLaVA's with its merges, which transformers loses where there is only a `tokenizer.model`."""
    model = os.path.join(folder, "tokenizer.model")
    if not os.path.exists(model):
        return AutoTokenizer.from_pretrained(folder)
    tokenizer = official(model, False, {"pad_token": None})
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>", "<pad>"]})
    return tokenizer


def inputs_of(folder, config, image, prompt):
    tokenizer = tokenizer_of(folder)
    with open(os.path.join(folder, "chat_template.json"), encoding="utf-8") as file:
        template = json.load(file)["chat_template"]
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": prompt}]}],
        chat_template=template, tokenize=False, add_generation_prompt=True)
    pixels = AutoImageProcessor.from_pretrained(folder, backend="pil")(
        images=[Image.open(image).convert("RGB")], return_tensors="pt")
    token = config.image_token_id
    if "image_grid_thw" in pixels:
        count = int(pixels["image_grid_thw"].prod()) // config.vision_config.spatial_merge_size ** 2
    else:
        count = (config.vision_config.image_size // config.vision_config.patch_size) ** 2
    ids = [copy for id in tokenizer(text)["input_ids"] for copy in [id] * (count if id == token else 1)]
    return ids, dict(pixels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "image", "prompt", "answer"):
        parser.add_argument(name)
    parser.add_argument("--tolerance", type=float, default=0.1)
    options = parser.parse_args()
    common.prepare()
    torch.set_num_threads(os.cpu_count())
    with open(options.answer, encoding="utf-8") as file:
        answer = json.load(file)
    config = AutoConfig.from_pretrained(options.model)
    ids, pixels = inputs_of(options.model, config, options.image, options.prompt)
    given = answer["token_ids"]
    tokens = torch.tensor([ids + given])
    if "image_grid_thw" in pixels:
        pixels["mm_token_type_ids"] = (tokens == config.image_token_id).int()
    model = getattr(transformers, config.architectures[0]).from_pretrained(options.model, dtype="auto").eval()
    with torch.no_grad():
        logits = model(input_ids=tokens, **pixels).logits[0, len(ids) - 1:-1].float()
    expected = torch.log_softmax(logits, -1).gather(1, torch.tensor(given)[:, None])[:, 0]
    difference = (expected - torch.tensor(answer["logprobs"])).abs().max().item()
    same = logits.argmax(-1).tolist() == given
    print(f"{len(ids)} tokens before {len(given)}: max abs difference of log-probabilities {difference:.3f}, "
          f"{'the same' if same else 'other'} greedy tokens, logits of deviation {logits.std():.2f}")
    sys.exit(0 if same and difference <= options.tolerance else 1)


if __name__ == "__main__":
    main()
