"""Random Llama models of a few thousand weights, in both spellings of config.json."""

import json
import os

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from common import greedy, load_model, next_token_logprobs, write_json, write_tensors

# Small enough to be committed. Every size differs from the next, so that a swapped axis shows.
HIDDEN = 32
INTERMEDIATE = 34
LAYERS = 2
HEADS = 4
KEY_VALUE_HEADS = 2
HEAD_DIM = 8
VOCABULARY = 256
STANDARD_DEVIATION = 0.2

# RoPE with 8 dimensions has wavelengths 6.3, 63, 628 and 6283. With these numbers the first is kept
# (below 128 / 4), the second interpolated and the others divided by 8 (above 128 / 1).
LLAMA3_SCALING = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 128,
}


def configuration(**changes):
    values = dict(
        hidden_size=HIDDEN, intermediate_size=INTERMEDIATE, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KEY_VALUE_HEADS, head_dim=HEAD_DIM,
        vocab_size=VOCABULARY, max_position_embeddings=1024, rms_norm_eps=1e-5,
        initializer_range=STANDARD_DEVIATION, bos_token_id=None, eos_token_id=None,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        tie_word_embeddings=True, dtype="float32")
    return LlamaConfig(**(values | changes))


def random_model(config, seed):
    """Norm weights and biases are drawn too: ones and zeros would hide their absence."""
    torch.manual_seed(seed)
    model = LlamaForCausalLM._from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.dim() == 1:
                mean = 0.0 if name.endswith("bias") else 1.0
                weight.normal_(mean, STANDARD_DEVIATION)
    return model


def tokens_of(seed, *shape):
    return torch.randint(0, VOCABULARY, shape, generator=torch.Generator().manual_seed(seed))


def write_expected(folder, model, seed):
    """Logits and log-probs of two rows; a greedy continuation of the first 8 tokens of one."""
    tokens = tokens_of(seed, 2, 24)
    with torch.no_grad():
        logits = model(tokens).logits
        continuation, lead = greedy(model, tokens[0, :8], 32)
    if lead < 1e-2:
        raise SystemExit(f"{folder}: a greedy token leads by {lead:.4f} only; take another seed")
    write_tensors(folder, {
        "tokens": tokens, "logits": logits, "logprobs": next_token_logprobs(logits, tokens),
        "greedy_prompt": tokens[0, :8], "greedy_tokens": continuation})


def save_tied(folder):
    """Tied embeddings, plain RoPE, config.json as transformers writes it today."""
    model = random_model(configuration(), seed=8)
    model.save_pretrained(folder)
    write_expected(folder, load_model(folder), seed=2)


def save_untied(folder):
    """Untied head, biases, Llama 3 RoPE, shards, config.json as it was written before."""
    config = configuration(
        tie_word_embeddings=False, attention_bias=True, mlp_bias=True,
        rope_parameters=LLAMA3_SCALING | {"rope_theta": 10000.0})
    model = random_model(config, seed=5)
    model.save_pretrained(folder, max_shard_size="60KB")
    with torch.no_grad():
        before = model(tokens_of(4, 2, 24)).logits
    rewrite_in_old_spelling(os.path.join(folder, "config.json"))
    reloaded = load_model(folder)
    with torch.no_grad():
        assert torch.equal(before, reloaded(tokens_of(4, 2, 24)).logits), "the spellings differ"
    write_expected(folder, reloaded, seed=4)


def rewrite_in_old_spelling(path):
    """torch_dtype, rope_theta and rope_scaling, and no head_dim (it was hidden_size / heads)."""
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    rope = config.pop("rope_parameters")
    del config["head_dim"]
    config["torch_dtype"] = config.pop("dtype")
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = rope
    config["transformers_version"] = "4.45.0"
    write_json(path, dict(sorted(config.items())))
