"""Proves that PEFT reads an adapter: every tensor arrives, and changes what the model says.

    python Scripts/reference/check_peft.py ADAPTER MODEL [--rows rows.jsonl --scores out.jsonl]

MODEL is an HF folder, a GGUF file or a folder with one. With --rows and --scores (input and output
of `preceptor score --adapter ADAPTER`) the log-probs are compared too. Exit status 1 where anything
differs.
"""

import argparse
import os
import sys

import common
import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors.torch import load_file
from scoring import compare


def tensor_problems(model, folder):
    """PEFT passes over unknown names, and leaves weights it does not find as they were drawn."""
    file = load_file(os.path.join(folder, "adapter_model.safetensors"))
    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    problems = [f"not in the model: {name}" for name in sorted(set(file) - set(state))]
    problems += [f"not in the file: {name}" for name in sorted(set(state) - set(file))]
    for name in sorted(set(file) & set(state)):
        if not torch.equal(file[name].float(), state[name].float()):
            problems.append(f"differs from the file: {name}")
    return problems


def summary(model):
    layers = [m for m in model.modules() if hasattr(m, "lora_A") and "default" in m.lora_A]
    scales = sorted({round(layer.scaling["default"], 6) for layer in layers})
    count = sum(p.numel() for name, p in model.named_parameters() if "lora_" in name)
    return f"{len(layers)} adapted layers, {count} weights, scale {', '.join(map(str, scales))}"


def checksums(model):
    """Mean absolute logit over fixed tokens: base, with the adapter, and last after merging."""
    size = model.config.vocab_size
    tokens = torch.randint(0, size, (1, 32), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        adapted = model(tokens).logits
        with model.disable_adapter():
            base = model(tokens).logits
        merged = model.merge_and_unload()(tokens).logits
    mean = lambda logits: f"{logits.abs().mean().item():.7f}"
    print(f"mean |logit|: base {mean(base)}, adapter {mean(adapted)}, merged {mean(merged)}")
    print(f"max change: by the adapter {(adapted - base).abs().max():.3e}, "
          f"by merging {(merged - adapted).abs().max():.3e}")
    return [] if torch.isfinite(adapted).all() else ["the logits are not finite"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("adapter")
    parser.add_argument("model")
    parser.add_argument("--rows")
    parser.add_argument("--scores")
    parser.add_argument("--tolerance", type=float, default=1e-3)
    options = parser.parse_args()
    if (options.rows is None) != (options.scores is None):
        parser.error("--rows and --scores go together")
    common.prepare()
    model = PeftModel.from_pretrained(common.load_model(options.model), options.adapter).eval()
    problems = tensor_problems(model, options.adapter)
    print(summary(model))
    if options.rows:
        largest, more = compare(
            model, common.load_tokenizer(options.model),
            common.read_json_lines(options.rows), common.read_json_lines(options.scores))
        print(f"score: max abs difference {largest:.3e}, tolerance {options.tolerance:.0e}")
        problems += more + (["score differs"] if largest > options.tolerance else [])
    problems += checksums(model)
    print("\n".join(problems) if problems else "PEFT loads it")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
