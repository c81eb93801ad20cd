"""Writes Tests/Fixtures/objectives/preference.json: losses on preferences, computed by TRL 1.16.0.

    python Scripts/reference/preference_objectives.py --output Tests/Fixtures/objectives

TRL's own methods run, on a trainer that has the attributes they read and on a model that returns
given numbers. Log-probabilities are [N], one completion after another, as are the gradients.
"""

import argparse
from types import SimpleNamespace

import torch
from trl import DPOTrainer, KTOTrainer, RewardTrainer
from trl.experimental.cpo import CPOTrainer
from trl.experimental.orpo import ORPOTrainer

from objective_batches import leaf, mask, metrics, near, padded, ragged, trainer, write

CHOSEN, REJECTED = [4, 1, 9, 3, 6], [2, 7, 5, 3, 1]


def reward_model():
    """Scores of five pairs, with and without margin and centring."""
    generator = torch.Generator().manual_seed(1)
    scores, margin = torch.randn(10, generator=generator) * 2, torch.rand(5, generator=generator)
    for margins, coefficient in [(None, None), (margin, None), (None, 0.01), (margin, 0.3)]:
        rewards = leaf(scores)
        this = trainer(args=SimpleNamespace(center_rewards_coefficient=coefficient))
        inputs = {"attention_mask": torch.ones(10, 3)}
        inputs |= {} if margins is None else {"margin": margins}
        model = lambda **_: SimpleNamespace(logits=rewards[:, None])
        loss = RewardTrainer.compute_loss(this, model, inputs)
        loss.backward()
        yield {"chosen": scores[:5], "rejected": scores[5:], "margin": margins,
               "coefficient": coefficient or 0.0, "loss": loss, "gradient": rewards.grad,
               "metrics": metrics(this)}


def completions(flat, reference):
    """A batch as DPOTrainer and KTOTrainer have it: one prompt token, completions, padding."""
    lengths = CHOSEN + REJECTED
    shape = mask(lengths)
    completion = torch.cat([torch.zeros(len(lengths), 1, dtype=torch.long), shape], 1)
    zeros = torch.zeros_like(shape)
    outputs = SimpleNamespace(
        log_probs=padded(flat, lengths, 0.0), entropy=zeros.float(), mean_logits=zeros.float(),
        is_top1=zeros.bool())
    sums = padded(reference, lengths, 0.0).sum(1)
    inputs = {"input_ids": torch.zeros_like(completion), "completion_mask": completion,
              "attention_mask": torch.ones_like(completion)}
    return (lambda **_: outputs), inputs, sums


def dpo():
    policy = ragged(CHOSEN + REJECTED, seed=2)
    reference = near(policy, seed=3)
    kinds = [("sigmoid", 0.0), ("hinge", 0.0), ("ipo", 0.0), ("robust", 0.1), ("exo_pair", 0.05),
             ("nca_pair", 0.0), ("sppo_hard", 0.0), ("apo_zero", 0.0), ("apo_down", 0.0),
             ("bco_pair", 0.0), ("discopop", 0.0)]
    results = []
    for kind, smoothing in kinds:
        for beta in (0.1, 0.7):
            tokens = leaf(policy)
            model, inputs, sums = completions(tokens, reference)
            inputs |= {"ref_chosen_logps": sums[:5], "ref_rejected_logps": sums[5:]}
            this = trainer(
                beta=beta, label_smoothing=smoothing, loss_types=[kind], loss_weights=[1.0],
                f_divergence_type="reverse_kl", ld_alpha=None, use_weighting=False,
                precompute_ref_logps=True, args=SimpleNamespace(discopop_tau=0.05))
            loss = DPOTrainer._compute_loss(this, model, inputs, False)
            loss.backward()
            results.append({
                "kind": kind, "beta": beta, "smoothing": smoothing, "loss": loss,
                "gradient": tokens.grad, "metrics": metrics(this)})
    # TRL 1.16's sigmoid has no label smoothing; its CPO trainer has the formula, of D alone.
    return {"chosenLengths": CHOSEN, "rejectedLengths": REJECTED, "policy": policy,
            "reference": reference, "cases": results,
            "smoothed": smoothed(policy, reference, beta=0.4, smoothing=0.2)}


def smoothed(policy, reference, beta, smoothing):
    tokens = leaf(policy)
    ratios = padded(tokens - reference, CHOSEN + REJECTED, 0.0).sum(1)
    this = trainer(alpha=0.0, beta=beta, label_smoothing=smoothing, loss_type="sigmoid")
    loss = CPOTrainer.cpo_loss(this, ratios[:5], ratios[5:])[0].mean()
    loss.backward()
    return {"kind": "sigmoid", "beta": beta, "smoothing": smoothing, "loss": loss,
            "gradient": tokens.grad, "metrics": {}}


def kto():
    policy = ragged(CHOSEN + REJECTED, seed=4)
    reference = near(policy, seed=5)
    generator = torch.Generator().manual_seed(6)
    mismatched = -torch.rand(10, generator=generator) * 9 - 4
    labels = torch.tensor([True, False, False, True, True, False, True, True, False, True])
    results = []
    for shift, beta, weights in [(0.6, 0.1, (1.0, 1.0)), (1.1, 0.5, (1.0, 1.7)),
                                 (-0.4, 0.5, (1.3, 1.0))]:
        tokens = leaf(policy)
        model, inputs, sums = completions(tokens, reference)
        inputs |= {"label": labels, "ref_logps": sums, "ref_KL_logps": mismatched - shift}
        this = trainer(
            beta=beta, desirable_weight=weights[0], undesirable_weight=weights[1],
            loss_type="kto", calculate_KL=True, precompute_ref_logps=True,
            _compute_kl_logps=lambda model, batch: mismatched)
        loss = KTOTrainer._compute_loss(this, model, inputs, False)
        loss.backward()
        results.append({
            "beta": beta, "desirableWeight": weights[0], "undesirableWeight": weights[1],
            "mismatchedReference": mismatched - shift, "loss": loss, "gradient": tokens.grad,
            "metrics": metrics(this)})
    return {"lengths": CHOSEN + REJECTED, "labels": labels.tolist(), "policy": policy,
            "reference": reference, "mismatched": mismatched, "cases": results}


def without_reference(kind, **settings):
    """ORPO or SimPO: a vocabulary of two tokens gives the model's logits any log-probability."""
    policy = ragged(CHOSEN + REJECTED, seed=7)
    tokens, lengths = leaf(policy), CHOSEN + REJECTED
    logits = torch.stack([tokens, (-torch.expm1(tokens)).log()], -1)
    logits = torch.stack([torch.nn.functional.pad(part, (0, 0, 0, 10 - len(part)))
                          for part in logits.split(lengths)])  # predicts positions 1 to 9
    attention = torch.cat([torch.ones(10, 1, dtype=torch.long), mask(lengths)], 1)
    labels = torch.where(attention == 1, 0, -100)
    labels[:, 0] = -100  # the prompt
    batch = {"chosen_labels": labels[:5]}
    joined = {"concatenated_input_ids": torch.zeros_like(attention),
              "concatenated_attention_mask": attention, "concatenated_labels": labels}
    this = trainer(
        is_encoder_decoder=False, padding_value=0, pad_token_id=0,
        concatenated_inputs=lambda *_, **__: joined, get_batch_logps=kind.get_batch_logps,
        **settings)
    this.odds_ratio_loss = lambda *logps: kind.odds_ratio_loss(this, *logps)
    this.cpo_loss = lambda *logps: kind.cpo_loss(this, *logps)
    this.concatenated_forward = lambda *given: kind.concatenated_forward(this, *given)
    model = lambda *_, **__: SimpleNamespace(logits=logits)
    loss, recorded = kind.get_batch_loss_metrics(this, model, batch)
    loss.backward()
    return {"chosenLengths": CHOSEN, "rejectedLengths": REJECTED, "policy": policy,
            "loss": loss, "gradient": tokens.grad, "metrics": recorded} | {
                name: settings[name] for name in ("beta", "simpo_gamma", "label_smoothing")
                if name in settings}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, help="folder for the fixtures")
    options = parser.parse_args()
    torch.set_num_threads(1)
    simpo = {"alpha": 0.0, "loss_type": "simpo", "cpo_alpha": 0}
    settings = [(2.0, 0.5, 0.0), (0.5, 1.2, 0.1)]
    write(options.output, "preference.json", {
        "rewardModel": list(reward_model()), "dpo": dpo(), "kto": kto(),
        "orpo": [without_reference(ORPOTrainer, beta=beta) for beta in (0.1, 1.0)],
        "simpo": [
            without_reference(
                CPOTrainer, beta=beta, simpo_gamma=gamma, label_smoothing=smoothing, **simpo)
            for beta, gamma, smoothing in settings]})


if __name__ == "__main__":
    main()
