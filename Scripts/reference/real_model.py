"""SmolLM2-135M-Instruct, dequantised to f32: log-probs, logits and a greedy answer."""

import os

import torch

from common import (
    greedy, load_model, load_tokenizer, next_token_logprobs, write_json, write_tensors)

CHAT = [{"role": "user", "content": (
    "A 58-year-old man has had crushing chest pain for 40 minutes that spreads to his left arm,"
    " and he is sweating. What is the most likely diagnosis, and what should be done first?")}]

PROSE = (
    "The small library at the end of the street had been closed for two winters before anyone "
    "thought of opening it again. Dust lay on the shelves, and the clock above the door had "
    "stopped at ten past four. When the new librarian came in with her keys, she did not begin "
    "with the books. She opened all the windows, swept the floor, and put a kettle on the "
    "stove. By the time the first visitors looked in, there was tea on the table and a list of "
    "the books that had been lost. Some of them, it turned out, had only been lent, and over "
    "the next few weeks they came back one by one, each with a short note of apology between "
    "its pages.")

UNICODE = (
    "At 07:45 the pH was 7.32, pCO₂ 55 mmHg, lactate 4.1 mmol/L (3 of 12 samples).\n"
    "Größe: 172 cm;  68.5 kg; naïve T-cells ↓ 12 %. 体温は38.5 °C。 Δ = −3.6 µg/mL 🩺\n"
    "Prof. Łukasz O'Neill's café visit: 2019-03-14, £1,250.00")

VOCABULARY_SAMPLE = 512
POSITIONS = 8
GREEDY = 64


def save_real(folder, model_path):
    tokenizer, model = load_tokenizer(model_path), load_model(model_path)
    chat = tokenizer.apply_chat_template(CHAT, add_generation_prompt=True, tokenize=False)
    texts = {"chat": chat, "prose": PROSE, "unicode": UNICODE}
    vocabulary = sample_of_vocabulary(model.config.vocab_size)
    expected = {"vocabulary": vocabulary}
    for name, text in texts.items():
        tokens = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
        expected |= prompt_values(name, model, tokens, vocabulary)
    answer, lead = greedy(model, expected["chat.tokens"], GREEDY)
    expected["chat.greedy_tokens"] = answer
    write_tensors(folder, expected)
    write_json(os.path.join(folder, "expected.json"), {
        "chat_messages": CHAT, "texts": texts, "greedy_text": tokenizer.decode(answer),
        "greedy_smallest_lead": lead})


def sample_of_vocabulary(size):
    shuffled = torch.randperm(size, generator=torch.Generator().manual_seed(7))
    return shuffled[:VOCABULARY_SAMPLE].sort().values


def prompt_values(name, model, tokens, vocabulary):
    """Log-probs of all tokens but the first; the sampled logits of eight positions."""
    with torch.no_grad():
        logits = model(tokens).logits
    values = {"tokens": tokens[0], "logprobs": next_token_logprobs(logits, tokens)[0]}
    values["positions"] = torch.linspace(0, tokens.shape[1] - 1, POSITIONS).long()
    values["logits"] = logits[0, values["positions"]][:, vocabulary]
    return {f"{name}.{key}": value for key, value in values.items()}
