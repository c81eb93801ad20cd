"""What both sides start from: a cut model, adapters, records in the product's order, recipes."""

import json
import os
import random

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForSequenceClassification

from chat_labels import MARKED, TURN
from common import load_model, load_tokenizer
from tiny_adapters import PROJECTIONS, save

SEED = 7
STEPS = 10
RANK, ALPHA = 8, 16
VOCABULARY = 4096
IGNORED = -100

# A warm-up from 0, decay, and a norm that most steps exceed. Adam's epsilon is above the rounding of a gradient's sum.
COMMON = {
    "seed": SEED, "max_steps": STEPS, "warmup_steps": 3, "weight_decay": 0.05, "adam_beta1": 0.9,
    "adam_beta2": 0.98, "adam_epsilon": 1e-6, "max_length": 1024}
METHODS = {
    "sft": {"learning_rate": 5e-4, "lr_scheduler_type": "linear", "max_grad_norm": 0.5, "per_device_train_batch_size": 6},
    "dpo": {"learning_rate": 2e-4, "lr_scheduler_type": "cosine", "max_grad_norm": 2.0, "per_device_train_batch_size": 4,
            "beta": 0.1, "loss_type": "sigmoid"},
    "kto": {"learning_rate": 2e-4, "lr_scheduler_type": "linear", "max_grad_norm": 0.5, "per_device_train_batch_size": 6,
            "beta": 0.1, "desirable_weight": 1.5, "undesirable_weight": 1.0},
    "grpo": {"learning_rate": 1e-3, "lr_scheduler_type": "cosine", "max_grad_norm": 0.2, "per_device_train_batch_size": 16,
             "num_generations": 4, "num_iterations": 2, "steps_per_generation": 2, "beta": 0.04, "epsilon": 0.2,
             "epsilon_high": 0.28, "temperature": 1.0, "max_completion_length": 48},
    "ppo": {"learning_rate": 5e-4, "lr_scheduler_type": "linear", "max_grad_norm": 0.6, "per_device_train_batch_size": 16,
            "num_generations": 2, "num_ppo_epochs": 2, "num_mini_batches": 2, "kl_coef": 0.05, "cliprange": 0.2,
            "cliprange_value": 0.2, "vf_coef": 0.1, "gamma": 0.99, "lam": 0.95, "missing_eos_penalty": 0.5,
            "temperature": 1.0, "max_completion_length": 48},
}
# Tokens of a micro-batch in the second cut, one to three records; the first cut is the whole step at once.
CUTS = {"sft": 512, "dpo": 512, "kto": 512, "grpo": 256, "ppo": 256}

WORDS = """the a with without of in and or patient chest pain fever cough dyspnoea oedema sodium potassium creatinine
haemoglobin troponin elevated reduced normal acute chronic left right upper lower lobe artery vein valve kidney liver
treated given mg daily twice aspirin metoprolol insulin antibiotics fluids oxygen after before during days hours weeks
examination shows reveals suggests consistent unlikely probable diagnosis therapy history smoking diabetes hypertension
why which most likely next step is was should be started stopped reviewed 12 38.5 140/90 7.35 250""".split()


def prose(source, words):
    """So many words, with a full stop now and then."""
    text = " ".join(source.choice(WORDS) + ("." if source.random() < 0.08 else "") for _ in range(words))
    return text[0].upper() + text[1:].rstrip(".") + "."


def turn(role, content):
    return {"role": role, "content": content}


def conversation(source, words):
    system = [turn("system", prose(source, 12))] if source.random() < 0.3 else []
    return system + [turn("user", prose(source, source.randint(*words)))]


def answer(source):
    return [turn("assistant", prose(source, source.randint(6, 35)))]


def records(method):
    """As many as the steps read; no answer begins with white space, which transformers would merge."""
    source = random.Random(f"{SEED} {method}")
    batch = METHODS[method]["per_device_train_batch_size"]
    if method == "sft":
        rows = []
        for _ in range(STEPS * batch):
            more = conversation(source, (8, 20))[-1:] + answer(source) if source.random() < 0.25 else []
            rows.append({"messages": conversation(source, (25, 70)) + answer(source) + more})
        return rows
    if method == "dpo":  # long prompts that two answers share
        return [{"prompt": conversation(source, (60, 110)), "chosen": answer(source), "rejected": answer(source)}
                for _ in range(STEPS * batch)]
    if method == "kto":
        return [{"prompt": conversation(source, (40, 80)), "completion": answer(source), "label": source.random() < 0.6}
                for _ in range(STEPS * batch)]
    return [{"prompt": conversation(source, (30, 70))} for _ in range(STEPS * batch)]


class RandomStream:
    """The product's stream (SplitMix64), as `Sources/Randomness` has it: of the order of records."""

    MASK = (1 << 64) - 1
    GAMMA = 0x9E3779B97F4A7C15

    @classmethod
    def mix(cls, bits):
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & cls.MASK
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & cls.MASK
        return bits ^ (bits >> 31)

    @classmethod
    def mixed(cls, seed, number):
        """Another seed for the part of a run with this number."""
        return cls.mix((seed + cls.mix((number + 1) & cls.MASK)) & cls.MASK)

    def __init__(self, seed, key=0):
        self.state = self.mix(seed) ^ self.mix((key + self.GAMMA) & self.MASK)

    def below(self, bound):
        while True:
            self.state = (self.state + self.GAMMA) & self.MASK
            product = self.mix(self.state) * bound
            if product & self.MASK >= (1 << 64) % bound:
                return product >> 64

    def shuffled(self, items):
        items = list(items)
        for index in range(len(items) - 1, 0, -1):
            other = self.below(index + 1)
            items[index], items[other] = items[other], items[index]
        return items


def in_order(rows):
    """The records as the first epoch of a run reads them."""
    return RandomStream(SEED).shuffled(rows)


def labelled(tokenizer, messages):
    """Ids, and labels: what the assistant wrote, the end of its turns included."""
    template = tokenizer.chat_template.replace(TURN, MARKED)
    assert template != tokenizer.chat_template, "this is not the template of SmolLM2"
    marked = tokenizer.apply_chat_template(
        messages, chat_template=template, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
    ids = marked["input_ids"]
    return ids, [token if mask else IGNORED for token, mask in zip(ids, marked["assistant_masks"])]


def write_rows(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def cut_model(source, folder, layers):
    """The model with its first and last layers and tokens; weights that bf16 holds exactly, written in f32."""
    model = load_model(source)
    blocks = model.model.layers
    first = (layers + 1) // 2
    kept = list(range(first)) + list(range(len(blocks) - (layers - first), len(blocks)))
    model.model.layers = torch.nn.ModuleList(blocks[place] for place in kept)
    for place, block in enumerate(model.model.layers):
        block.self_attn.layer_idx = place
    model.config.num_hidden_layers = layers
    if getattr(model.config, "layer_types", None):
        model.config.layer_types = [model.config.layer_types[place] for place in kept]
    model.resize_token_embeddings(VOCABULARY)
    # What is left is sure of nonsense (17 nats a token): a quarter of its logits leaves a spread to draw from.
    model.model.norm.weight.data.mul_(0.25)
    model.to(torch.bfloat16).to(torch.float32).save_pretrained(folder)
    load_tokenizer(source).save_pretrained(folder)
    cut_tokenizer(os.path.join(folder, "tokenizer.json"))
    end_answers(os.path.join(folder, "generation_config.json"))
    return folder


def cut_tokenizer(path):
    """Its first tokens: ids follow the order of the merges, so what is left is a tokenizer of its own."""
    with open(path, encoding="utf-8") as file:
        tokenizer = json.load(file)
    model = tokenizer["model"]
    model["vocab"] = {text: id for text, id in model["vocab"].items() if id < VOCABULARY}
    model["merges"] = [pair for pair in model["merges"] if "".join(pair) in model["vocab"]]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(tokenizer, file, ensure_ascii=False)


def end_answers(path):
    """Many tokens end an answer: one that a cut model draws would else always run into its limit."""
    with open(path, encoding="utf-8") as file:
        configuration = json.load(file)
    configuration["eos_token_id"] = [configuration["eos_token_id"], *range(320, VOCABULARY, 32)]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(configuration, file)


def draw_adapter(model, deviation):
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(0.0, deviation)
            elif "score" in name and weight.requires_grad:
                weight.normal_(0.0, 0.02)


def start_adapter(base, folder, task="CAUSAL_LM"):
    """An adapter on all seven projections whose B is not zero; with a head as a reward model's."""
    torch.manual_seed(SEED)
    scored = task == "SEQ_CLS"
    model = load_model(base, AutoModelForSequenceClassification, num_labels=1) if scored else load_model(base)
    model = get_peft_model(model, LoraConfig(
        task_type=task, r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=PROJECTIONS))
    draw_adapter(model, 0.01)
    save(model, folder, os.path.basename(base))
    return folder
