"""Writes the fixtures of the model tests.

    python Scripts/reference/models.py --real .models --output Tests/Fixtures/models
"""

import argparse
import os

import common
from real_model import save_real
from tiny_adapters import plain_adapter, rank_stabilised_adapter, save_adapter
from tiny_models import save_tied, save_untied
from tiny_reward import save_reward
from tiny_training import save_training


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", required=True, help="folder with the SmolLM2 GGUF file")
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    common.prepare()
    at = lambda name: os.path.join(options.output, name)
    save_tied(at("tiny-llama"))
    save_untied(at("tiny-llama-untied"))
    save_adapter(at("tiny-lora"), at("tiny-llama"), plain_adapter(), seed=8, complete=True)
    save_adapter(
        at("tiny-rslora"), at("tiny-llama"), rank_stabilised_adapter(), seed=9, complete=False)
    save_reward(at("tiny-reward"), at("tiny-llama"), seed=10)
    save_training(at("tiny-train"), at("tiny-llama"))
    save_real(at("smollm2-135m"), options.real)


if __name__ == "__main__":
    main()
