"""The product's runs and TRL's, in one form: loss, gradient norm and rate of each step, and the adapter."""

import base64
import json
import os
import shutil
import subprocess
import tempfile

import torch
from datasets import Dataset
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer

from common import read_json_lines
from material import COMMON, METHODS, in_order, labelled

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


class Run:
    """`steps` are dictionaries with loss, grad_norm and learning_rate; `weights` the result by PEFT's names."""

    def __init__(self, steps, weights):
        self.steps, self.weights = steps, weights


class Product:
    def __init__(self, program, work, base, adapter, critic):
        self.program, self.work, self.base, self.adapter, self.critic = program, work, base, adapter, critic

    def folder(self, method, dtype, cut):
        return os.path.join(self.work, f"{method}-{dtype}-{cut}")

    def run(self, method, dtype, cut, budget, rows, changes=None):
        """Trains; returns the run. `budget` is the most tokens of a micro-batch."""
        folder = self.folder(method, dtype, cut)
        shutil.rmtree(folder, ignore_errors=True)
        recipe = {"model": self.base, "adapter": self.adapter, "dtype": dtype, "train_file": rows, "output_dir": folder,
                  "max_tokens_per_micro_batch": budget, "lora_dropout": 0, "logging_steps": 1, "save_steps": 1000}
        recipe |= COMMON | METHODS[method] | (changes or {})
        path = os.path.join(self.work, "recipe.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{key}: {json.dumps(value)}\n" for key, value in recipe.items())
        done = subprocess.run([self.program, method, path], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"preceptor {method} ({dtype}, cut {cut}) ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return self.read(folder)

    @staticmethod
    def read(folder):
        rows = [row for row in read_json_lines(os.path.join(folder, "metrics.jsonl")) if "loss" in row]
        weights = load_file(os.path.join(folder, "adapter", "adapter_model.safetensors"))
        return Run(rows, weights | critic_weights(os.path.join(folder, "critic")))


def critic_weights(folder):
    path = os.path.join(folder, "adapter_model.safetensors")
    return {f"critic.{name}": weight for name, weight in load_file(path).items()} if os.path.exists(path) else {}


def memory(folder, step):
    """What a rollout method carries between steps, as its checkpoint after a step has it."""
    with open(os.path.join(folder, f"checkpoint-{step}", "state.json"), encoding="utf-8") as file:
        return json.loads(base64.b64decode(json.load(file)["memory"]))


class Recorder(TrainerCallback):
    """The gradients that the optimizer was given in each step."""

    def __init__(self):
        self.model, self.gradients = None, []

    def on_pre_optimizer_step(self, *_, **__):
        self.gradients.append({file_name(name): weight.grad.clone() for name, weight in self.model.named_parameters()
                               if weight.grad is not None})


def file_name(name):
    """A parameter's name as adapter files have it."""
    return name.replace(".modules_to_save", "").replace(".default", "")


class Peer:
    """TRL, on the same records in the product's order, the whole batch at once."""

    def __init__(self, base, adapter):
        self.base, self.adapter = base, adapter
        self.tokenizer = AutoTokenizer.from_pretrained(base)

    def policy(self, dtype):
        model = AutoModelForCausalLM.from_pretrained(self.base, dtype=DTYPES[dtype])
        return PeftModel.from_pretrained(model, self.adapter, is_trainable=True)

    def run(self, method, dtype, rows, autocast=None, pieces=1, rounded=False, **changes):
        """`autocast`: as TRL has it by default with bf16; `pieces`: micro-batches that a step is cut into; `rounded`:
        whether each micro-batch's gradients are rounded to bf16."""
        settings = COMMON | METHODS[method] | changes
        settings["per_device_train_batch_size"] //= pieces
        rows = in_order(rows)
        recorder = Recorder()
        with tempfile.TemporaryDirectory() as folder:
            shared = dict(
                output_dir=folder, gradient_accumulation_steps=pieces, logging_steps=1, save_strategy="no", report_to=[],
                use_cpu=True, bf16=dtype == "bf16" if autocast is None else autocast, gradient_checkpointing=False,
                train_sampling_strategy="sequential", disable_tqdm=True, optim="adamw_torch")
            config, kind, data = getattr(self, method)(rows, settings | shared)
            trainer = kind(model=self.policy(dtype), args=config, train_dataset=data, processing_class=self.tokenizer,
                           callbacks=[recorder])
            recorder.model = trainer.model
            for weight in trainer.model.parameters():
                if rounded and weight.requires_grad:
                    weight.register_hook(lambda gradient: gradient.bfloat16().float())
            trainer.train()
        run = Run([row for row in trainer.state.log_history if "loss" in row],
                  get_peft_model_state_dict(trainer.model, save_embedding_layers=False))
        run.gradients = recorder.gradients
        return run

    def sft(self, rows, settings):
        rows = [dict(zip(("input_ids", "labels"), labelled(self.tokenizer, row["messages"]))) for row in rows]
        return SFTConfig(shuffle_dataset=False, **settings), SFTTrainer, Dataset.from_list(rows)

    def dpo(self, rows, settings):
        settings = settings | {"loss_type": [settings["loss_type"]]}
        return DPOConfig(**settings), DPOTrainer, Dataset.from_list([self.written(row) for row in rows])

    def kto(self, rows, settings):
        return KTOConfig(**settings), KTOTrainer, Dataset.from_list([self.written(row) for row in rows])

    def written(self, row):
        """A record as the template writes it up to the end of an answer's turn: of a conversation TRL would also teach the
        line break behind."""
        prompt = self.tokenizer.apply_chat_template(row["prompt"], tokenize=False, add_generation_prompt=True)
        texts = {name: value[0]["content"] + self.tokenizer.eos_token for name, value in row.items()
                 if name in ("chosen", "rejected", "completion")}
        return row | {"prompt": prompt} | texts
