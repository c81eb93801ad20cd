"""How far gradients in bf16 are from those in f32 on the same weights: the product's beside PEFT's."""

import os

from safetensors.torch import load_file

from compare import bf16_bound, gradient_difference, markdown, short
from material import METHODS

#: One step without clipping; without a first moment that lasts, the optimizer's mean is the gradient.
STEP = {"max_steps": 1, "warmup_steps": 0, "adam_beta1": 0.0, "max_grad_norm": 0.0}


def ours(comparison, method, dtype, budget):
    product = comparison.product
    product.run(method, dtype, "gradient", budget, comparison.files[method], STEP | {"save_steps": 1})
    state = load_file(os.path.join(product.folder(method, dtype, "gradient"), "checkpoint-1", "optimizer.safetensors"))
    return {f"base_model.model.{name.removesuffix('.mean')}.weight": value
            for name, value in state.items() if name.endswith(".mean")}


def theirs(comparison, method, dtype, **settings):
    return comparison.peer.run(method, dtype, comparison.rows[method], **(STEP | settings)).gradients[0]


def table(comparison):
    """For SFT and DPO: a row for each way of computing, and what passes the bound."""
    rows, problems, bound = [], [], bf16_bound(comparison.layers)
    for method in ("sft", "dpo"):
        batch = METHODS[method]["per_device_train_batch_size"]
        truth = theirs(comparison, method, "f32")
        ways = [
            ("preceptor, f32", lambda: ours(comparison, method, "f32", 0)),
            ("PEFT, f32, each micro-batch of one record rounded to bf16", lambda: theirs(comparison, method, "f32", pieces=batch, rounded=True)),
            ("PEFT, bf16, autocast (TRL's default), a step at once", lambda: theirs(comparison, method, "bf16")),
            ("PEFT, bf16, autocast, one record a micro-batch", lambda: theirs(comparison, method, "bf16", pieces=batch)),
            ("PEFT, bf16 weights, adapters computed in f32", lambda: theirs(comparison, method, "bf16", autocast=False)),
            ("preceptor, bf16, a step at once", lambda: ours(comparison, method, "bf16", 0)),
            ("preceptor, bf16, one record a micro-batch", lambda: ours(comparison, method, "bf16", 1)),
        ]
        for name, way in ways:
            found = gradient_difference(way(), truth)
            rows.append([method.upper(), name] + [short(found[part]) for part in ("lora_A", "lora_B", "all")])
            limit = 1e-5 if name == "preceptor, f32" else bound
            if name.startswith("preceptor") and not found["all"] <= limit:
                problems.append(f"{method}, {name}: the gradient differs by {found['all']:.3g} > {limit:.3g}")
    return markdown(["method", "gradient of one step", "of A", "of B", "all"], rows) + (
        "\n\nNorm of the difference from PEFT's in f32, relative to its norm."), problems
