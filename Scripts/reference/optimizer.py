"""Writes Tests/Fixtures/optimizers/adamw.json: AdamW with gradients only in some steps, by PyTorch.

    python Scripts/reference/optimizer.py --output Tests/Fixtures/optimizers

torch.optim.AdamW counts the steps of each parameter. transformers' own rule says which decay.
"""

import argparse

import torch
from transformers import Trainer

from objective_batches import write

SETTINGS = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1}
RATES = [0.01, 0.02, 0.03, 0.02, 0.01, 0.005]
# The steps in which each parameter has a gradient.
STEPS = {"lora_A.weight": range(6), "projector.weight": [1, 2, 5], "projector.bias": [1, 2, 5],
         "input_norm.weight": [0, 4], "idle.weight": []}


class Trained(torch.nn.Module):
    """The kinds of tensors that a run may train: a low-rank matrix, a whole layer, a norm."""

    def __init__(self):
        super().__init__()
        self.lora_A = torch.nn.Linear(3, 2, bias=False)
        self.projector = torch.nn.Linear(3, 2)
        self.input_norm = torch.nn.LayerNorm(4, bias=False)
        self.idle = torch.nn.Linear(2, 2, bias=False)


def run():
    torch.manual_seed(7)
    model = Trained()
    parameters = dict(model.named_parameters())
    decaying = Trainer.get_decay_parameter_names(None, model)
    groups = [{"params": [p for n, p in parameters.items() if (n in decaying) == decays],
               "weight_decay": SETTINGS["weightDecay"] if decays else 0.0}
              for decays in (True, False)]
    optimizer = torch.optim.AdamW(
        groups, betas=(SETTINGS["beta1"], SETTINGS["beta2"]), eps=SETTINGS["epsilon"])
    initial = {name: p.detach().flatten().clone() for name, p in parameters.items()}
    gradients, values = {name: [] for name in parameters}, {name: [] for name in parameters}
    for step, rate in enumerate(RATES):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for name, p in parameters.items():
            p.grad = torch.randn(p.shape) if step in STEPS[name] else None
            gradients[name].append(None if p.grad is None else p.grad.flatten().clone())
        optimizer.step()
        for name, p in parameters.items():
            values[name].append(p.detach().flatten().clone())
    return {"settings": SETTINGS, "rates": RATES, "parameters": [
        {"name": name, "shape": list(p.shape), "initial": initial[name],
         "decays": name in decaying, "gradients": gradients[name], "values": values[name],
         "steps": int(optimizer.state[p]["step"]) if p in optimizer.state else 0}
        for name, p in parameters.items()]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True)
    write(parser.parse_args().output, "adamw.json", run())
