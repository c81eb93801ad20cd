"""Writes the fixtures of the models that see.

    python Scripts/reference/vision_models.py --output Tests/Fixtures/vision
"""

import argparse
import os

import common
from tiny_vision import llava_models, qwen_models, save_llava, save_qwen
from tiny_vision_adapter import save_adapter


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    common.prepare()
    at = lambda name: os.path.join(options.output, name)
    for name, (config, side) in llava_models().items():
        save_llava(at(name), config, side)
    for name, (kind, config) in qwen_models().items():
        save_qwen(at(name), kind, config)
    save_adapter(at("llava-clip-adapter"))


if __name__ == "__main__":
    main()
