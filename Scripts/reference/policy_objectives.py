"""Writes Tests/Fixtures/objectives/policy.json: losses and advantages of GRPO and RLOO, computed
by TRL 1.16.0.

    python Scripts/reference/policy_objectives.py --output Tests/Fixtures/objectives

TRL's own lines run, on a trainer that has the attributes they read. Log-probabilities and
gradients are [N], one completion after another; TRL gets them padded with nonsense. A completion
of length 0 stands for one whose tokens are masked.
"""

import argparse
from types import SimpleNamespace

import torch
from trl import GRPOTrainer, RLOOTrainer

from objective_batches import (
    leaf, mask, metrics, near, padded, ragged, run_lines, trainer, write)

LENGTHS = [4, 1, 7, 3, 5, 2]
MASKED = [4, 1, 0, 3, 5, 2]
GROUPS = 3, 4  # three prompts, four completions each


def step(this, kind, tokens, lengths, advantages, **others):
    """Loss of TRL's trainer on padded log-probabilities."""
    shape = mask(lengths)
    prompt = torch.zeros(len(lengths), 1, dtype=torch.long)
    this._get_per_token_logps_and_entropies = lambda *_, **__: (
        padded(tokens, lengths), shape.float(), None)
    inputs = {"prompt_ids": prompt, "prompt_mask": prompt + 1, "completion_ids": shape,
              "completion_mask": shape, "advantages": advantages}
    return kind._compute_loss(this, None, inputs | others)


def grpo_loss(lengths, loss_type="dapo", level="token", low=0.2, high=0.2, delta=None, beta=0.0,
              corrected=True, on_policy=False, seed=1):
    policy = ragged(lengths, seed)
    old, reference = near(policy, seed + 1), near(policy, seed + 2)
    generator = torch.Generator().manual_seed(seed + 3)
    advantages = torch.randn(len(lengths), generator=generator)
    tokens = leaf(policy)
    this = trainer(
        top_entropy_quantile=1.0, off_policy_mask_threshold=None, importance_sampling_level=level,
        beta=beta, loss_type=loss_type, epsilon_low=low, epsilon_high=high, use_vllm=False,
        current_gradient_accumulation_steps=1, max_completion_length=9,
        _entropy_bonus_enabled=False, args=SimpleNamespace(
            use_bias_correction_kl=corrected, delta=delta, steps_per_generation=1))
    given = {} if on_policy else {"old_per_token_logps": padded(old, lengths, -3.0)}
    loss = step(
        this, GRPOTrainer, tokens, lengths, advantages, num_items_in_batch=mask(lengths).sum(),
        ref_per_token_logps=padded(reference, lengths, -2.0), **given)
    loss.backward()
    return {"lossType": loss_type, "level": level, "epsilonLow": low, "epsilonHigh": high,
            "delta": delta, "beta": beta, "corrected": corrected, "lengths": lengths,
            "policy": policy, "old": policy if on_policy else old, "reference": reference,
            "advantages": advantages, "loss": loss, "gradient": tokens.grad,
            "metrics": metrics(this)}


def grpo_losses():
    for loss_type in ("grpo", "bnpo", "dr_grpo", "dapo", "cispo"):
        high = 1.1 if loss_type == "cispo" else 0.28
        yield grpo_loss(LENGTHS, loss_type, high=high)
        yield grpo_loss(MASKED, loss_type, level="sequence", low=0.05, high=high, beta=0.3, seed=11)
    yield grpo_loss(LENGTHS, beta=0.5, corrected=False, seed=21)
    yield grpo_loss(MASKED, beta=0.5, delta=1.3, seed=31)
    yield grpo_loss(LENGTHS, "grpo", beta=0.5, on_policy=True, seed=41)


def rloo_loss():
    policy = ragged(LENGTHS, seed=51)
    old = near(policy, seed=52, spread=0.1)
    advantages = torch.tensor([1.0, -0.5, 0.25, -1.5, 0.75, 0.0])
    tokens = leaf(policy)
    this = trainer(epsilon_low=0.1, epsilon_high=0.2)
    sums = (padded(old, LENGTHS) * mask(LENGTHS)).sum(1)
    loss = step(this, RLOOTrainer, tokens, LENGTHS, advantages, old_logps=sums)
    loss.backward()
    return {"epsilonLow": 0.1, "epsilonHigh": 0.2, "lengths": LENGTHS, "policy": policy,
            "old": old, "advantages": advantages, "loss": loss, "gradient": tokens.grad,
            "metrics": metrics(this)}


def advantages_of(kind, rewards, weights, **settings):
    """Runs the lines of TRL that turn rewards [12, F] into advantages."""
    names = [f"f{i}" for i in range(len(weights))]
    this = trainer(
        reward_weights=torch.tensor(weights), reward_func_names=names, reward_funcs=names,
        **settings.pop("attributes"))
    scope = run_lines(
        kind._generate_and_score_completions, "unscorable_mask =",
        'self._metrics[mode]["frac_reward_zero_std"]', {
            "self": this, "rewards_per_func": rewards, "num_generations": GROUPS[1],
            "device": torch.device("cpu"), "mode": "train", "prompts": [""] * len(rewards),
            "gather": lambda values: values} | settings)
    return {"rewards": rewards, "weights": weights, "advantages": scope["advantages"],
            "metrics": metrics(this)}


def tables():
    """Rewards [12, F]: one function; two with holes; the same, one group without spread and a
    completion to which nothing applies."""
    generator = torch.Generator().manual_seed(61)
    nan = float("nan")
    one = torch.randint(0, 4, (12, 1), generator=generator).float()
    two = torch.randn(12, 2, generator=generator)
    two[1, 0] = two[6, 1] = two[10, 0] = nan
    flat = two.clone()
    flat[0:4] = torch.tensor([1.0, 0.5])
    flat[5] = nan
    return [(one, [1.0]), (two, [1.0, 0.5]), (flat, [0.7, 2.0])]


def grpo_advantages():
    for rewards, weights in tables():
        for aggregation, scales in [("sum_then_normalize", ("group", "batch", "none")),
                                    ("normalize_then_sum", ("group",))]:
            for scale in scales:
                yield advantages_of(GRPOTrainer, rewards, weights, attributes={
                    "multi_objective_aggregation": aggregation, "scale_rewards": scale,
                }) | {"scale": scale, "aggregation": aggregation}


def rloo_advantages():
    lengths = [3, 1, 2, 4, 2, 2, 5, 1, 3, 2, 1, 4]
    old = ragged(lengths, seed=71)
    reference = near(old, seed=72)
    for rewards, weights in tables():
        for beta, normalized in [(0.0, False), (0.05, False), (0.3, True)]:
            result = advantages_of(
                RLOOTrainer, rewards, weights, old_per_token_logps=padded(old, lengths),
                ref_per_token_logps=padded(reference, lengths, -2.0),
                completion_mask=mask(lengths), attributes={
                    "reward_clip_range": None, "beta": beta, "normalize_advantages": normalized})
            yield result | {"beta": beta, "normalized": normalized, "divergences": [
                part.sum() for part in (old - reference).split(lengths)]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    torch.set_num_threads(1)
    write(options.output, "policy.json", {
        "grpo": list(grpo_losses()), "rloo": rloo_loss(),
        "grpoAdvantages": list(grpo_advantages()), "rlooAdvantages": list(rloo_advantages())})


if __name__ == "__main__":
    main()
