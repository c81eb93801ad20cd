"""Weights and pixels by a formula, so that fixtures need not hold them.

A tensor's name gives a 64-bit seed (FNV-1a); element i is SplitMix64 of seed + i: its upper 24 bits
as a number in [-1, 1), times a quarter. Scales of norms and branches are one plus that. Everything
is exact in f32; `FormulaWeights.swift` of the tests does the same.
"""

import numpy
import torch

GOLDEN = 0x9E3779B97F4A7C15


def seed_of(name):
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    return seed


def uniform(name, shape):
    """Numbers in [-1, 1) as f32, row-major."""
    count = int(numpy.prod(shape, dtype=numpy.int64))
    with numpy.errstate(over="ignore"):
        z = numpy.uint64(seed_of(name)) + (numpy.arange(count, dtype=numpy.uint64) + 1) * numpy.uint64(GOLDEN)
        z = (z ^ (z >> 30)) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> 27)) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> 31)
    values = (z >> 40).astype(numpy.float64) / 2**23 - 1
    return torch.from_numpy(values.astype(numpy.float32)).reshape(tuple(shape))


def is_scale(name):
    """Scales are near one."""
    module = name.split(".")[-2]
    return name.endswith(".weight") and ("norm" in module or module == "ln_q") or name.endswith("lambda1")


def weight(name, shape):
    values = uniform(name, shape) / 4
    return values + 1 if is_scale(name) else values


def fill(model, prefix=""):
    """Gives every parameter the values that its name says."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weight(prefix + name, parameter.shape))
    return model.eval()
