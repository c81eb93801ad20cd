"""Ten steps of each method beside TRL, or beside a replay by the equations; prints the tables of the documentation.

    python Scripts/reference/differential.py --model VENV/smol-hf [--program ./preceptor] [--layers 4]
        [--only sft,dpo,kto,grpo,ppo,gradients] [--dtypes f32,bf16] [--work FOLDER]

MODEL is SmolLM2-135M-Instruct, as an HF folder or a GGUF file; it is cut to a few layers and its first 4,096 tokens.
Everything starts from an adapter on all seven projections whose B is not zero. Each method runs ten steps with warm-up
from 0, linear or cosine decay, weight decay and clipping; prompts and answers are longer than the tiles of attention
(64), two answers of a pair share a prompt of 160 tokens and more. Each runs twice: a step at once (A), and cut into
micro-batches of one to three records (B). SFT, DPO and KTO stand beside TRL on the same records in the same order. GRPO
and PPO are replayed in PyTorch, transformers and PEFT: only the drawn tokens and their rewards are the product's.

In f32 the largest difference may be 1e-5: of the loss relative to its size or to 1, of the gradient norm to its size, of
the adapter's movement as a vector to its norm (1e-4 of a single weight to the largest movement: Adam divides each
gradient by its own size, so one that cancels out moves by the rounding of its sum). In bf16 both sides are compared with the same in f32; the bound is in `compare.py`. Exit status 1
where one is passed.

Needs torch, transformers, peft and trl 1.16 (requirements.txt) and the built program.
"""

import argparse
import os
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "differential"))
warnings.filterwarnings("ignore")

import common

common.prepare()

import datasets
import torch
from safetensors.torch import load_file

import compare
import gradients
from compare import differences, markdown, short
from material import CUTS, METHODS, SEED, STEPS, cut_model, records, start_adapter, write_rows
from replay import Replay
from sides import Peer, Product, critic_weights

ROLLOUTS = "grpo", "ppo"
MEASURES = "loss", "norm", "vector", "largest"
REWARD = """import json, sys
for line in sys.stdin:
    text = json.loads(line)["completion"].lower()
    print(len(set(text)) / 8 + text.count("e") / 16, flush=True)
"""


class Comparison:
    def __init__(self, options):
        self.work, self.layers = options.work, options.layers
        base = cut_model(options.model, os.path.join(options.work, "base"), options.layers)
        self.base = base
        self.adapter = start_adapter(base, os.path.join(options.work, "start"))
        self.critic = start_adapter(base, os.path.join(options.work, "critic"), "SEQ_CLS")
        self.product = Product(os.path.abspath(options.program), options.work, base, self.adapter, self.critic)
        self.peer = Peer(base, self.adapter)
        self.rows = {method: records(method) for method in METHODS}
        self.files = {method: write_rows(os.path.join(options.work, f"{method}.jsonl"), rows)
                      for method, rows in self.rows.items()}
        self.notes, self.problems = [], []

    def start(self, method):
        weights = load_file(os.path.join(self.adapter, "adapter_model.safetensors"))
        return weights | (critic_weights(self.critic) if method == "ppo" else {})

    def ours(self, method, dtype, cut):
        changes = {}
        if method in ROLLOUTS:
            program = write_reward(self.work)
            changes = {"rewards": [{"type": "program", "command": [sys.executable, program]}], "log_completions": True,
                       "save_steps": 1, "save_total_limit": STEPS}
        if method == "ppo":
            changes["value_model"] = self.critic
        return self.product.run(method, dtype, cut, CUTS[method] if cut == "B" else 0, self.files[method], changes)

    def replay(self, method, dtype, cut, of):
        """In `dtype`, of the rollouts that the product drew in the type `of`."""
        replay = Replay(method, self.product.folder(method, of, cut), self.base, self.adapter, self.critic, dtype)
        run = replay.run()
        if dtype == of:
            stored = ", ".join(f"{name} {short(value)}" for name, value in replay.stored.items())
            self.notes.append(f"{method} {of}, cut {cut}: stored by the run and computed here differ by at most: {stored}")
        return run

    def method(self, method, dtypes):
        """A table row for each type."""
        start = self.start(method)
        truth = None
        for dtype in dtypes:
            found = {}
            for cut in "AB":
                ours = self.ours(method, dtype, cut)
                if method in ROLLOUTS:
                    truth = self.replay(method, "f32", cut, of=dtype)
                elif truth is None:
                    truth = self.peer.run(method, "f32", self.rows[method])
                found[cut] = differences(ours, truth, start)
                if dtype == "bf16" and cut == "A":
                    peer = (self.replay(method, "bf16", cut, of=dtype) if method in ROLLOUTS
                            else self.peer.run(method, "bf16", self.rows[method]))
                    found["peer"] = differences(peer, truth, start)
            self.judge(method, dtype, found)
            print(method, dtype, found, file=sys.stderr)
            yield self.row(method, dtype, found)

    def judge(self, method, dtype, found):
        for cut in "AB":
            for name, limit in self.bounds(dtype).items():
                if not found[cut][name] <= limit:
                    self.problems.append(f"{method} {dtype}, cut {cut}: {name} {found[cut][name]:.3g} > {limit:.3g}")

    def bounds(self, dtype):
        if dtype == "f32":
            return {name: compare.F32_BOUND for name in ("loss", "norm", "vector")} | {"largest": 10 * compare.F32_BOUND, "rate": 1e-12}
        bound = compare.bf16_bound(self.layers)
        return {"loss": bound, "norm": bound, "vector": 2 * bound, "rate": 1e-12}

    def row(self, method, dtype, found):
        beside = ("TRL" if method not in ROLLOUTS else "replay") + (" in f32" if dtype == "bf16" else "")
        cells = [method.upper(), dtype, str(STEPS), beside]
        for name in MEASURES:
            cells += [f"{short(found['A'][name])}, {short(found['B'][name])}"]
        peer = found.get("peer")
        return cells + [", ".join(short(peer[name]) for name in MEASURES) if peer else ""]


def write_reward(folder):
    path = os.path.join(folder, "reward.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(REWARD)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="SmolLM2-135M-Instruct")
    parser.add_argument("--program", default=os.path.join(HERE, "..", "..", "preceptor"))
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--only", default=",".join([*METHODS, "gradients"]))
    parser.add_argument("--dtypes", default="f32,bf16")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--work", help="a folder for everything that is written; a temporary one when left out")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory() as folder:
        options.work = options.work or folder
        os.makedirs(options.work, exist_ok=True)
        sys.exit(run(options))


def run(options):
    comparison = Comparison(options)
    chosen, dtypes = options.only.split(","), options.dtypes.split(",")
    rows = []
    for method in METHODS:
        if method in chosen:
            for row in comparison.method(method, dtypes):
                rows.append(row)
                print("measured:", *row, sep="  ", file=sys.stderr)
    if rows:
        print(markdown(["method", "dtype", "steps", "beside", "loss (cut A, B)", "gradient norm (A, B)", "adapter (A, B)",
                        "a single weight (A, B)", "the peer in bf16: the same four"], rows))
        print("\nLargest relative difference over the steps. Adapter: norm of the difference over that of the movement; a "
              "single weight: largest difference over largest movement.\n")
        bounds = {dtype: comparison.bounds(dtype) for dtype in dtypes}
        print("Bounds: " + "; ".join(f"{dtype} " + ", ".join(f"{n} {v:.2g}" for n, v in b.items()) for dtype, b in bounds.items()))
        print("\n".join(comparison.notes))
    if "gradients" in chosen:
        table, problems = gradients.table(comparison)
        print("\n" + table)
        comparison.problems += problems
    print("\n" + ("\n".join(comparison.problems) or "no bound is passed"))
    return 1 if comparison.problems else 0


if __name__ == "__main__":
    main()
