"""attacks: adversarial images of a tiny convolutional network by torchattacks.

    python Scripts/reference/attacks.py --output Tests/Fixtures/evaluation

Writes attacks.json: weights, 8-bit images, labels, and what each attack makes of them. Seeds are
set before each attack, so that a random start is the one of a generator of that seed.
"""
import argparse
import json
import pathlib

import torch
import torchattacks

parser = argparse.ArgumentParser()
parser.add_argument("--output", required=True)
folder = pathlib.Path(parser.parse_args().output)
torch.set_num_threads(1)
torch.manual_seed(0)

HEIGHT, WIDTH = 6, 5
convolution = torch.nn.Conv2d(3, 4, 3, padding=1)
output = torch.nn.Linear(4, 3)


class Network(torch.nn.Module):
    """Convolution, tanh, mean over places, linear layer."""

    def __init__(self):
        super().__init__()
        self.convolution, self.output = convolution, output

    def forward(self, images):
        return self.output(torch.tanh(3 * self.convolution(images)).mean((2, 3)))


network = Network().eval()
images = torch.randint(0, 256, (2, 3, HEIGHT, WIDTH)).float() / 255
labels = torch.tensor([0, 2])
targets = torch.tensor([1, 0])


def attack(kind, settings, targeted=False, seed=7):
    method = kind(network, **settings)
    if targeted:
        method.set_mode_targeted_by_label(quiet=True)
    torch.manual_seed(seed)
    return method(images, targets if targeted else labels).flatten().tolist()


LINF, L2 = 8 / 255, 128 / 255
STEPS = 5
cases = [
    {"name": "fgsm", "norm": "linf", "epsilon": LINF, "images":
        attack(torchattacks.FGSM, {"eps": LINF})},
    {"name": "pgd", "norm": "linf", "epsilon": LINF, "images":
        attack(torchattacks.PGD, {"eps": LINF, "alpha": LINF / 4, "steps": STEPS,
                                  "random_start": False})},
    {"name": "pgd", "norm": "linf", "epsilon": LINF, "random": True, "images":
        attack(torchattacks.PGD, {"eps": LINF, "alpha": LINF / 4, "steps": STEPS,
                                  "random_start": True})},
    {"name": "pgd", "norm": "linf", "epsilon": LINF, "targeted": True, "images":
        attack(torchattacks.PGD, {"eps": LINF, "alpha": LINF / 4, "steps": STEPS,
                                  "random_start": False}, targeted=True)},
    {"name": "pgd", "norm": "l2", "epsilon": L2, "images":
        attack(torchattacks.PGDL2, {"eps": L2, "alpha": L2 / 4, "steps": STEPS,
                                    "random_start": False})},
    {"name": "pgd", "norm": "l2", "epsilon": L2, "random": True, "images":
        attack(torchattacks.PGDL2, {"eps": L2, "alpha": L2 / 4, "steps": STEPS,
                                    "random_start": True})},
]
folder.mkdir(parents=True, exist_ok=True)
with open(folder / "attacks.json", "w", encoding="utf-8") as file:
    json.dump({
        "made_with": f"torch {torch.__version__}, torchattacks {torchattacks.__version__}",
        "shape": list(images.shape), "steps": STEPS, "step_share": 0.25, "seed": 7,
        "images": images.flatten().tolist(), "labels": labels.tolist(),
        "targets": targets.tolist(),
        "convolution": convolution.weight.flatten().tolist(),
        "convolution_bias": convolution.bias.tolist(),
        "output": output.weight.flatten().tolist(), "output_bias": output.bias.tolist(),
        "cases": cases}, file)
    file.write("\n")
