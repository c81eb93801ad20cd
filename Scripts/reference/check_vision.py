"""Proves that transformers and PEFT read what the tests wrote with VISION_OUTPUT=FOLDER make test.

    python Scripts/reference/check_vision.py FOLDER

`adapter`: an adapter of the tiny LLaVA with its projector trained whole must give the logits of the
fixture. `composed`: a model put together must load without a missing or an unexpected weight, and see.
Exit status 1 where anything differs.
"""

import argparse
import os
import sys

import common
import torch
from peft import PeftModel
from safetensors.torch import load_file
from tiny_vision import llava_models, padded, packed, rows_of
from transformers import LlavaForConditionalGeneration
from vision_formula import fill, uniform

FIXTURES = os.path.join(common.HERE, "..", "..", "Tests", "Fixtures", "vision")


def adapter_problems(folder):
    config, side = llava_models()["llava-clip"]
    model = fill(LlavaForConditionalGeneration._from_config(config, attn_implementation="eager"))
    model = PeftModel.from_pretrained(model, folder).eval()
    rows = rows_of([16, 16, 16])
    tokens, mask = padded(rows)
    pixels = uniform("pixels", [3, 3, side, side])
    with torch.no_grad():
        logits = packed(model(input_ids=tokens, attention_mask=mask, pixel_values=pixels).logits, rows)
    expected = load_file(os.path.join(FIXTURES, "llava-clip-adapter", "expected.safetensors"))["logits"]
    difference = (logits - expected).abs().max().item()
    print(f"adapter: max abs difference {difference:.2e}")
    return ["the adapter's logits differ"] if difference > 1e-4 else []


def composed_problems(folder):
    model, info = LlavaForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    problems = [f"composed: {kind} {sorted(names)}" for kind, names in info.items() if names]
    side = 12
    with torch.no_grad():
        features = model.eval().get_image_features(torch.zeros(1, 3, side, side)).pooler_output
    print(f"composed: {len(features[0])} tokens of {features[0].shape[-1]} for an image")
    return problems


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder")
    options = parser.parse_args()
    common.prepare()
    at = lambda name: os.path.join(options.folder, name)
    problems = adapter_problems(at("adapter")) + composed_problems(at("composed"))
    print("\n".join(problems) if problems else "transformers and PEFT read them")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
