"""GRPO and PPO by their equations: PyTorch, transformers and PEFT update on what the product drew.

Of a run are taken the ids of prompts and answers, which of them were cut off, and their rewards. Log-probabilities,
reference, values, advantages and returns are computed here, by the policy as it is replayed.
"""

import contextlib
import os
from dataclasses import dataclass, field

import torch
from peft import PeftModel, get_peft_model_state_dict
from transformers import (
    AutoModelForCausalLM, AutoModelForSequenceClassification, get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup)

from common import read_json_lines
from material import COMMON, METHODS, SEED, STEPS, RandomStream
from sides import DTYPES, Run, file_name, memory

SCHEDULES = {"linear": get_linear_schedule_with_warmup, "cosine": get_cosine_schedule_with_warmup}


@dataclass
class Group:
    """A prompt and its answers; of each answer's tokens [T] what the update reads, in order."""

    prompt: list
    answers: list
    finished: list
    rewards: list
    #: What the run stored, to compare with: old, reference, advantages, and for PPO values and returns.
    stored: dict
    old: list = field(default_factory=list)
    reference: list = field(default_factory=list)
    values: list = field(default_factory=list)
    advantages: list = field(default_factory=list)
    returns: list = field(default_factory=list)


class Policy:
    """A model with an adapter: f32 throughout, or bf16 as PEFT has it (bf16 weights, f32 adapter, autocast)."""

    def __init__(self, base, adapter, dtype, scored=False):
        kind, more = (AutoModelForSequenceClassification, {"num_labels": 1}) if scored else (AutoModelForCausalLM, {})
        model = kind.from_pretrained(base, dtype=DTYPES[dtype], **more)
        self.model = PeftModel.from_pretrained(model, adapter, is_trainable=True).eval()
        self.dtype, self.scored = dtype, scored
        self.named = {name: weight for name, weight in self.model.named_parameters() if weight.requires_grad}
        for weight in self.named.values():
            weight.data = weight.data.float()

    def states(self, group):
        """[answers, T, D]: the hidden states in which the answers' tokens were chosen; padded behind."""
        longest = max(map(len, group.answers))
        rows = [group.prompt + answer + [0] * (longest - len(answer)) for answer in group.answers]
        seen = [[1] * (len(group.prompt) + len(a)) + [0] * (longest - len(a)) for a in group.answers]
        autocast = torch.autocast("cpu", torch.bfloat16) if self.dtype == "bf16" else contextlib.nullcontext()
        with autocast:
            trunk = self.model.base_model.model.model
            states = trunk(input_ids=torch.tensor(rows), attention_mask=torch.tensor(seen)).last_hidden_state
            states = states[:, len(group.prompt) - 1:-1]
            return states if self.scored else self.model.base_model.model.lm_head(states)

    def log_probs(self, group, temperature):
        """One tensor [T] an answer."""
        logits = self.states(group).float() / temperature
        return [torch.log_softmax(row[:len(answer)], -1).gather(-1, torch.tensor(answer)[:, None])[:, 0]
                for row, answer in zip(logits, group.answers)]

    def values(self, group):
        head = next(weight for name, weight in self.named.items() if "score" in name)
        scores = (self.states(group).float() * head).sum(-1)
        return [row[:len(answer)] for row, answer in zip(scores, group.answers)]

    def weights(self):
        return get_peft_model_state_dict(self.model, save_embedding_layers=False)


class Replay:
    def __init__(self, method, folder, base, adapter, critic, dtype):
        self.method, self.folder, self.settings = method, folder, COMMON | METHODS[method]
        self.policy, self.reference = Policy(base, adapter, dtype), Policy(base, adapter, dtype)
        self.critic = Policy(base, critic, dtype, scored=True) if method == "ppo" else None
        self.parameters = [w for policy in (self.policy, self.critic) if policy for w in policy.named.values()]
        s = self.settings
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=s["learning_rate"], betas=(s["adam_beta1"], s["adam_beta2"]), eps=s["adam_epsilon"],
            weight_decay=s["weight_decay"])
        self.schedule = SCHEDULES[s["lr_scheduler_type"]](self.optimizer, s["warmup_steps"], STEPS)
        self.each = (s["num_ppo_epochs"] * s["num_mini_batches"] if method == "ppo"
                     else s["num_iterations"] * s["steps_per_generation"])
        self.stored = {}  # largest difference of what the run stored from what is computed here

    def run(self):
        steps, groups = [], []
        for number in range(STEPS):
            if number % self.each == 0:
                groups = self.rollout(number)
            chosen = self.chosen(groups, number)
            loss = self.grpo(chosen) if self.method == "grpo" else self.ppo(chosen)
            # Policy and critic share no weight: each is clipped by its own norm.
            norms = [torch.nn.utils.clip_grad_norm_(policy.named.values(), self.settings["max_grad_norm"])
                     for policy in (self.policy, self.critic) if policy]
            steps.append({"loss": loss, "grad_norm": torch.stack(norms).norm().item(), "learning_rate": self.optimizer.param_groups[0]["lr"]})
            self.optimizer.step()
            self.schedule.step()
            self.optimizer.zero_grad()
        weights = self.policy.weights()
        if self.critic:
            weights |= {f"critic.{name}": weight for name, weight in self.critic.weights().items()}
        return Run(steps, weights)

    def chosen(self, groups, number):
        """The groups of a step; PPO shuffles them anew in each pass, by the product's stream."""
        s, place = self.settings, number % self.each
        parts = s["num_mini_batches"] if self.method == "ppo" else s["steps_per_generation"]
        if self.method == "ppo":
            seed = RandomStream.mixed(SEED, number // self.each)
            groups = RandomStream(seed, place // parts | 1 << 32).shuffled(groups)
        part = place % parts
        return groups[len(groups) * part // parts:len(groups) * (part + 1) // parts]

    # The rollout

    def rollout(self, number):
        """Groups with all that the policy, as it is now, says of them."""
        kept, rollout = memory(self.folder, number + 1), number // self.each
        assert kept["rollout"] == rollout
        logged = [row for row in read_json_lines(os.path.join(self.folder, "completions.jsonl")) if row["rollout"] == rollout]
        rewards = iter([sum(row["rewards"].values()) for row in logged])
        episodes = kept["items"] if self.method == "ppo" else [{"group": group} for group in kept["items"]]
        groups = [self.group(episode, rewards) for episode in episodes]
        with torch.no_grad():
            for group in groups:
                group.old = self.policy.log_probs(group, self.settings["temperature"])
                group.reference = self.reference.log_probs(group, self.settings["temperature"])
                group.values = self.critic.values(group) if self.critic else []
        self.ppo_advantages(groups) if self.method == "ppo" else self.grpo_advantages(groups)
        self.compare(groups)
        return groups

    @staticmethod
    def group(episode, rewards):
        group, answers = episode["group"], episode["group"]["completions"]
        stored = {"log p": sum((a["logProbabilities"] for a in answers), []),
                  "log p of the reference": sum((a["reference"] for a in answers), []),
                  "advantages": episode.get("advantages") or group["advantages"]}
        stored |= {name: episode[name] for name in ("values", "returns") if name in episode}
        return Group(prompt=group["prompt"], answers=[a["tokens"] for a in answers],
                     finished=[not a["isTruncated"] for a in answers], rewards=[next(rewards) for _ in answers],
                     stored=stored)

    def compare(self, groups):
        for group in groups:
            found = {"log p": group.old, "log p of the reference": group.reference, "advantages": group.advantages,
                     "values": group.values, "returns": group.returns}
            for name, values in group.stored.items():
                here = torch.cat([torch.as_tensor(value).reshape(-1) for value in found[name]])
                difference = (here.double() - torch.tensor(values).double()).abs().max().item()
                self.stored[name] = max(self.stored.get(name, 0.0), difference)

    # GRPO (arXiv:2402.03300), tokens averaged over the step (DAPO, arXiv:2503.14476, eq. 8)

    def grpo_advantages(self, groups):
        for group in groups:
            rewards = torch.tensor(group.rewards, dtype=torch.float64)
            group.advantages = ((rewards - rewards.mean()) / (rewards.std() + 1e-4)).tolist()

    def grpo(self, groups):
        s, total, sums = self.settings, sum(len(a) for group in groups for a in group.answers), 0.0
        for group in groups:
            loss = 0.0
            now = self.policy.log_probs(group, s["temperature"])
            for new, old, reference, advantage in zip(now, group.old, group.reference, group.advantages):
                ratio = (new - old).exp()
                clipped = ratio.clamp(1 - s["epsilon"], 1 + s["epsilon_high"])
                difference = reference - new
                divergence = (difference.expm1() - difference) * ratio
                loss = loss + (-torch.minimum(ratio * advantage, clipped * advantage) + s["beta"] * divergence).sum()
            (loss / total).backward()
            sums += loss.item()
        return sums / total

    # PPO (arXiv:1707.06347), rewards as in InstructGPT (arXiv:2203.02155), GAE (arXiv:1506.02438)

    def ppo_advantages(self, groups):
        s = self.settings
        for group in groups:
            group.advantages, group.returns = [], []
            for place, values in enumerate(group.values):
                rewards = -s["kl_coef"] * (group.old[place] - group.reference[place]).double()
                rewards[-1] += group.rewards[place] - (0.0 if group.finished[place] else s["missing_eos_penalty"])
                values, advantage, next_value, advantages = values.double(), 0.0, 0.0, torch.zeros(len(values)).double()
                for t in reversed(range(len(values))):
                    advantage = rewards[t] + s["gamma"] * next_value - values[t] + s["gamma"] * s["lam"] * advantage
                    advantages[t], next_value = advantage, values[t]
                group.advantages.append(advantages)
                group.returns.append((advantages + values).float())
        every = torch.cat([row for group in groups for row in group.advantages])
        mean, scale = every.mean(), (every.var() + 1e-8).sqrt()
        for group in groups:
            group.advantages = [((row - mean) / scale).float() for row in group.advantages]

    def ppo(self, groups):
        s, total, sums = self.settings, sum(len(a) for group in groups for a in group.answers), 0.0
        for group in groups:
            policy = value = 0.0
            now = zip(self.policy.log_probs(group, s["temperature"]), group.old, group.advantages)
            for new, old, advantages in now:
                ratio = (new - old).exp()
                clipped = ratio.clamp(1 - s["cliprange"], 1 + s["cliprange"])
                policy = policy + torch.maximum(-advantages * ratio, -advantages * clipped).sum()
            for new, old, returns in zip(self.critic.values(group), group.values, group.returns):
                clipped = torch.clamp(new, old - s["cliprange_value"], old + s["cliprange_value"])
                value = value + torch.maximum((new - returns) ** 2, (clipped - returns) ** 2).sum() / 2
            ((policy + s["vf_coef"] * value) / total).backward()
            sums += (policy + s["vf_coef"] * value).item()
        return sums / total


def gradient_names(policy):
    return {file_name(name): weight for name, weight in policy.named.items()}
