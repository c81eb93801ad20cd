"""What the objectives' scripts share: ragged batches, trainers without a model, JSON."""

import inspect
import json
import os
import textwrap
from collections import defaultdict
from types import SimpleNamespace

import torch

PADDING = 7.5  # stands where no token is; no result may depend on it


def ragged(lengths, seed, mean=-1.5, spread=0.7):
    """Log-probabilities of the tokens of completions of these lengths, one after another: [N]."""
    generator = torch.Generator().manual_seed(seed)
    return -(torch.randn(sum(lengths), generator=generator) * spread + mean).abs()


def near(values, seed, spread=0.3):
    """The same tokens under a similar model."""
    generator = torch.Generator().manual_seed(seed)
    return -(values + torch.randn(len(values), generator=generator) * spread).abs()


def leaf(values):
    return values.clone().requires_grad_(True)


def padded(flat, lengths, filler=PADDING):
    """[N] to [B, T], differentiable."""
    return torch.nn.utils.rnn.pad_sequence(
        list(flat.split(lengths)), batch_first=True, padding_value=filler)


def mask(lengths):
    """1 where a token is, 0 at padding: [B, T]."""
    return padded(torch.ones(sum(lengths), dtype=torch.long), lengths, 0)


def trainer(**attributes):
    """What TRL's methods read of a trainer on one device, and the given attributes."""
    same = lambda values, **_: values
    accelerator = SimpleNamespace(
        device=torch.device("cpu"), gather=same, gather_for_metrics=same, reduce=same,
        num_processes=1, process_index=0, use_distributed=False, sync_gradients=True)
    return SimpleNamespace(**({
        "accelerator": accelerator, "model": SimpleNamespace(training=True),
        "_metrics": {"train": defaultdict(list)}, "_total_train_tokens": 0, "_tp_size": 1,
        "aux_loss_enabled": False} | attributes))


def metrics(trainer):
    """The last value of each metric that the trainer recorded."""
    return {name: values[-1] for name, values in trainer._metrics["train"].items()}


def lines_of(function, first, last):
    """The source lines of a function from the one that starts with `first` to that with `last`."""
    lines = inspect.getsource(function).splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip().startswith(first))
    end = next(i for i in range(start, len(lines)) if lines[i].strip().startswith(last))
    return textwrap.dedent("\n".join(lines[start:end + 1]))


def run_lines(function, first, last, names):
    """Runs those lines with `names` as variables, as they stand in TRL; returns all variables."""
    scope = dict(inspect.getmodule(function).__dict__) | names
    exec(compile(lines_of(function, first, last), f"{function.__qualname__}", "exec"), scope)
    return scope


def numbers(value):
    """Tensors as lists; f32 in its shortest digits, NaN as null."""
    if isinstance(value, dict):
        return {name: numbers(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [numbers(part) for part in value]
    if isinstance(value, torch.Tensor):
        return numbers(value.detach().tolist())
    if isinstance(value, float):
        return None if value != value else float(f"{value:.9g}")
    return value


def write(folder, name, value):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(numbers(value), file, separators=(",", ":"))
        file.write("\n")
