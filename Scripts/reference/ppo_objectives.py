"""Writes Tests/Fixtures/objectives/ppo.json: PPO and BCO, computed by TRL 1.12.0, the last to
have them.

    pip download --no-deps trl==1.12.0 && unzip trl-1.12.0-py3-none-any.whl -d trl-1.12.0
    PYTHONPATH=trl-1.12.0 python Scripts/reference/ppo_objectives.py \\
        --output Tests/Fixtures/objectives

The lines of TRL's training loop run as they stand, over padded tensors. One thing is set
otherwise: TRL lets the score arrive one position after the end of turn, and gives that position a
value; here `sequence_lengths_p1` and `padding_mask_p1` are those of the last token.
"""

import argparse
from types import SimpleNamespace

import torch
import trl
from trl.experimental.bco.bco_trainer import BCOTrainer, RunningMoments
from trl.experimental.ppo import ppo_trainer
from trl.experimental.ppo.ppo_trainer import PPOTrainer

from objective_batches import leaf, mask, near, padded, ragged, run_lines, trainer, write

LENGTHS = [4, 1, 7, 3]
INVALID = ppo_trainer.INVALID_LOGPROB
PADDING = mask(LENGTHS) == 0


def experience(estimator, gamma, lam, whiten_rewards, penalty):
    """From log-probabilities, values and scores to advantages and returns."""
    old = ragged(LENGTHS, seed=1)
    reference, generator = near(old, seed=2), torch.Generator().manual_seed(3)
    values = torch.randn(sum(LENGTHS), generator=generator)
    scores = torch.randn(len(LENGTHS), generator=generator)
    finished = torch.tensor([True, False, True, False])
    last = torch.tensor(LENGTHS) - 1
    names = {
        "args": SimpleNamespace(
            kl_estimator=estimator, kl_coef=0.2, whiten_rewards=whiten_rewards, gamma=gamma,
            lam=lam, missing_eos_penalty=penalty),
        "logprobs": padded(old, LENGTHS, INVALID), "scores": scores.clone(),
        "ref_logprobs": padded(reference, LENGTHS, INVALID), "values": padded(values, LENGTHS, 0.0),
        "sequence_lengths": last, "sequence_lengths_p1": last, "responses": mask(LENGTHS),
        "padding_mask": PADDING, "padding_mask_p1": PADDING, "contain_eos_token": finished}
    names["self"] = SimpleNamespace(args=names["args"])
    names = run_lines(PPOTrainer.train, "if self.args.missing_eos_penalty", "scores[~", names)
    shaped = run_lines(PPOTrainer.train, "logr =", "rewards[actual_start", names)
    after = run_lines(PPOTrainer.train, "logr =", "advantages = torch.masked_fill", names)
    flat = lambda values: values[~PADDING]
    return {"lengths": LENGTHS, "policy": old, "reference": reference, "values": values,
            "scores": scores, "finished": finished.tolist(), "estimator": estimator,
            "coefficient": 0.2, "gamma": gamma, "lambda": lam, "whitensRewards": whiten_rewards,
            "penalty": penalty or 0.0, "shapedRewards": flat(shaped["rewards"]),
            "rewards": flat(after["rewards"]), "returns": flat(after["returns"]),
            "advantages": flat(after["advantages"]),
            "divergences": after["kl"].masked_fill(PADDING, 0).sum(1),
            "finalScores": after["scores"]}


def update(clip_range, value_range):
    """Losses of one minibatch. TRL's `approxkl` counts padding; its mean is taken back here."""
    policy = ragged(LENGTHS, seed=4)
    old, generator = near(policy, seed=5), torch.Generator().manual_seed(6)
    advantages, values, returns = torch.randn(3, sum(LENGTHS), generator=generator)
    predicted = values + torch.randn(sum(LENGTHS), generator=generator) * 0.4
    tokens, critic = leaf(policy), leaf(predicted)
    names = {
        "args": SimpleNamespace(cliprange=clip_range, cliprange_value=value_range, vf_coef=0.1),
        "new_logprobs": padded(tokens, LENGTHS, INVALID), "vpred": padded(critic, LENGTHS, 0.0),
        "mb_logprobs": padded(old, LENGTHS, INVALID), "mb_values": padded(values, LENGTHS, 0.0),
        "mb_advantage": padded(advantages, LENGTHS, 0.0), "padding_mask": PADDING,
        "mb_return": padded(returns, LENGTHS, 0.0), "padding_mask_p1": PADDING,
        "micro_batch_inds": slice(None)}
    after = run_lines(PPOTrainer.train, "vpredclipped =", "loss = pg_loss", names)
    after["loss"].backward()
    names = after | {"logits": torch.zeros(1, 2)}
    after = run_lines(PPOTrainer.train, "pg_clipfrac = masked_mean(", "approxkl =", names)
    share = PADDING.numel() / sum(LENGTHS)
    return {"lengths": LENGTHS, "policy": policy, "old": old, "advantages": advantages,
            "values": predicted, "oldValues": values, "returns": returns,
            "clipRange": clip_range, "valueClipRange": value_range,
            "policyLoss": after["pg_loss"], "valueLoss": after["vf_loss"],
            "gradient": tokens.grad, "valueGradient": critic.grad,
            "clipped": after["pg_clipfrac"], "valueClipped": after["vf_clipfrac"],
            "divergence": after["approxkl"] * share,
            "ratio": after["ratio"].masked_fill(PADDING, 0).sum() / sum(LENGTHS)}


def bco(mean, count):
    """Pairs whose mean reward was followed before; its loss is the mean over single completions,
    half of that over pairs."""
    generator = torch.Generator().manual_seed(7)
    policy, reference = -torch.rand(2, 8, generator=generator) * 6 - 2
    sums, this = leaf(policy), trainer(beta=0.3, match_underlying_distribution=False)
    this.running = RunningMoments(this.accelerator, mean=mean, count=count)
    losses, *_, delta = BCOTrainer.bco_loss(
        this, sums[:4], sums[4:], reference[:4], reference[4:], None, None)
    loss = losses.mean() * 2
    loss.backward()
    return {"beta": 0.3, "mean": mean, "count": count, "newMean": delta, "policy": policy,
            "reference": reference, "loss": loss, "gradient": sums.grad}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    if trl.__version__ != "1.12.0":
        raise SystemExit(f"needs TRL 1.12.0, found {trl.__version__}")
    torch.set_num_threads(1)
    write(options.output, "ppo.json", {
        "experience": [
            experience("k1", gamma=1.0, lam=0.95, whiten_rewards=False, penalty=None),
            experience("k3", gamma=0.9, lam=0.8, whiten_rewards=True, penalty=1.5)],
        "updates": [update(0.2, 0.2), update(0.05, 0.5)],
        "bco": [bco(0.0, 1e-24), bco(0.4, 12)]})


if __name__ == "__main__":
    main()
