"""Writes Tests/Fixtures/images/augmentation.json with torchvision.

    pip install torch torchvision
    python Scripts/reference/augmentation.py

One small image, mirrored, lighter and of more contrast, as torchvision's functions on bytes make it.
"""

import json
import pathlib

import torch
from torchvision.transforms.v2 import functional

image = torch.randint(0, 256, (3, 4, 5), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def bytes_of(tensor):
    return tensor.permute(1, 2, 0).flatten().tolist()


changed = []
for brightness, contrast in [(1.1, 0.9), (0.85, 1.15), (1.0, 1.2)]:
    lit = functional.adjust_contrast(functional.adjust_brightness(image, brightness), contrast)
    changed.append({"brightness": brightness, "contrast": contrast, "pixels": bytes_of(lit)})
path = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/images/augmentation.json"
path.write_text(json.dumps({
    "width": 5, "height": 4, "pixels": bytes_of(image),
    "mirrored": bytes_of(functional.horizontal_flip(image)), "lit": changed}) + "\n")
