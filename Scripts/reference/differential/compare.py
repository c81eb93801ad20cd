"""Differences of two runs as numbers, and tables of them."""

import torch

#: In f32: of the loss relative to its size or to 1, of the norm to its size, of weights to the largest movement.
F32_BOUND = 1e-5
#: What rounding to bf16 (8 bits) errs by at most, and by root mean square, relative to a number.
BF16_UNIT = 2.0 ** -8
#: Roundings to bf16 along a layer, forward and backward.
ROUNDINGS_OF_LAYER = 24


def relative(found, expected, least=1e-12):
    return abs(found - expected) / max(abs(expected), least)


def step_differences(run, reference):
    """The largest over the steps: loss and norm relative to the reference's, the rate absolute. A loss below 1 counts as 1:
    that of GRPO is a sum of terms of that size which cancel."""
    assert len(run.steps) == len(reference.steps), (len(run.steps), len(reference.steps))
    pairs = list(zip(run.steps, reference.steps))
    return {"loss": max(relative(a["loss"], b["loss"], least=1.0) for a, b in pairs),
            "norm": max(relative(a["grad_norm"], b["grad_norm"]) for a, b in pairs),
            "rate": max(abs(a["learning_rate"] - b["learning_rate"]) for a, b in pairs)}


def flat(weights, names):
    return torch.cat([weights[name].detach().double().reshape(-1) for name in names])


def weight_differences(weights, reference, start):
    """Of the final weights: the largest difference relative to the largest movement from the start, and both as
    vectors (root of the sum of squares)."""
    assert set(weights) == set(reference) == set(start), set(weights) ^ set(reference) ^ set(start)
    names = sorted(reference)
    difference = flat(weights, names) - flat(reference, names)
    movement = flat(reference, names) - flat(start, names)
    return {"largest": (difference.abs().max() / movement.abs().max()).item(),
            "vector": (difference.norm() / movement.norm()).item()}


def differences(run, reference, start):
    return step_differences(run, reference) | weight_differences(run.weights, reference.weights, start)


def gradient_difference(gradients, reference):
    """As vectors over all tensors; those of A and of B apart."""
    result = {}
    for part in ("lora_A", "lora_B"):
        names = sorted(name for name in reference if part in name)
        expected = flat(reference, names)
        result[part] = ((flat(gradients, names) - expected).norm() / expected.norm()).item()
    names = sorted(reference)
    result["all"] = ((flat(gradients, names) - flat(reference, names)).norm() / flat(reference, names).norm()).item()
    return result


def bf16_bound(layers):
    """Roundings that are independent add up as the root of their number; a bound, as sums of errors have tails."""
    return BF16_UNIT * (ROUNDINGS_OF_LAYER * layers) ** 0.5


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def short(value):
    return f"{value:.1e}" if value < 0.01 else f"{value:.2g}"
