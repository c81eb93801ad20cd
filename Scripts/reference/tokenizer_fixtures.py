"""Writes Tests/Fixtures/tokenizers: ids by Hugging Face tokenizers, conversations by transformers.

    tokenizer_fixtures.py --model SMOLLM2.gguf --data SHARED_DATA --output Tests/Fixtures/tokenizers

`smollm2.json`: texts and SmolLM2's ids. `tiny-*`: tokenizers trained here, one for each way of
splitting, with ids of the same texts. `templates.json`: templates, contexts, renderings.
(Not called tokenizers.py, which would hide the package of that name from the other scripts.)
"""

import argparse
import json
import os
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from common import load_tokenizer
from chat_fixtures import chat_cases

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
          r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")

WORDS = """the patient 's BP was 120/80 mmHg ; don't I'LL they'Ve we'd 'Tis y'all HbA1c 7.2% β-blocker
naïve café Ärzte Führer нещо Български 心筋梗塞 患者は 한국어 مرحبا بالعالم שלום हिन्दी ไทย កាន់តែ 3333 ½ ² Ⅷ ٣٤
x=1 def f(a,b): return{a:b} // /* */ <- -> != === ++ `` https://a.b/c?d=e#f _snake_case camelCase
😀 👩‍⚕️ 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 é ñ ạ̈ ﬁ K 'ſt Å Ω""".split()
SPACES = [" "] * 12 + ["", "", "  ", "   ", "\t", "\n", "\n\n", " \n", "\n ", "\r\n", "\r", " \t ",
                       "\u00a0", "\u3000", "\u2028", "\u0085", "\u200b", " \n \n  "]
ODD = ["\x00", "\x01", "\x04", "\x1c", "\x7f", "\u00ad", "\u0301", "\u0345", "\u200d", "\ufeff",
       "\ufffd", "\U000e0001", "\U0001f9ff", "\U00020000", "᧚", "１２３", "''", "...", "'"]
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|im_start|", "<repo_name>"]


def texts(count, seed):
    """Seeded texts of words, spaces, odd characters, special tokens and long repetitions."""
    draw = random.Random(seed)
    result = ["", " ", "a", "  3", "\n" * 9, "a" * 300, " " * 70, "ab" * 60, "é" * 50, "7" * 40,
              "<|im_start|><|im_end|>", "e\u0301" * 30, "😀" * 20]
    while len(result) < count:
        parts = []
        for _ in range(draw.randint(1, 9)):
            kind = draw.random()
            if kind < 0.80:
                parts.append(draw.choice(WORDS))
            elif kind < 0.90:
                parts.append(draw.choice(ODD))
            elif kind < 0.95:
                parts.append(draw.choice(SPECIAL))
            else:
                parts.append(chr(draw.choice([draw.randint(0x20, 0x2FF), draw.randint(0x300, 0xD7FF),
                                              draw.randint(0x1F300, 0x1FAFF)])))
            parts.append(draw.choice(SPACES))
        result.append("".join(parts))
    return result


def smollm2(path):
    """Texts with SmolLM2's ids, and texts of ids that no text gives (broken UTF-8)."""
    tokenizer = load_tokenizer(path).backend_tokenizer
    draw = random.Random(3)
    random_ids = [[draw.randrange(17, 49152) for _ in range(12)] for _ in range(10)]
    # Single bytes: what a model may emit between characters.
    single = [id for token, id in tokenizer.get_vocab().items() if len(token) == 1]
    random_ids += [draw.choices(sorted(single), k=24) for _ in range(20)]
    return {
        "cases": [[text, tokenizer.encode(text, add_special_tokens=False).ids] for text in texts(300, 1)],
        "decoded": [[ids, tokenizer.decode(ids, skip_special_tokens=False)] for ids in random_ids]}


def tiny(kind):
    """A byte-level tokenizer of 400 tokens, trained on the texts, that splits as `kind` does."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=kind == "llama3"))
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=kind in ("gpt2", "smollm"))
    steps = {"gpt2": [], "smollm": [pre_tokenizers.Digits(individual_digits=True)],
             "llama3": [pre_tokenizers.Split(Regex(LLAMA3), "isolated")],
             "qwen2": [pre_tokenizers.Split(Regex(QWEN2), "isolated")]}[kind]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps + [level]) if steps else level
    if kind == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts(400, 2), trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"]))
    tokenizer.add_tokens([
        AddedToken("<think>", normalized=False), AddedToken("patient", single_word=True),
        AddedToken("   ", normalized=True), AddedToken("ệ", normalized=True)])
    tokenizer.add_special_tokens([AddedToken("<|left|>", lstrip=True, normalized=False),
                                  AddedToken("<|right|>", rstrip=True, normalized=False)])
    return tokenizer


ADDED = ["a  <|left|> b", "a <|right|> \n b", "patient inpatient patient's", "x   y    z", "<think>ệ</think>",
         "<|right|>  <|left|>", "e\u0323\u0302 \u1ec7 e\u0302\u0323", "a\n<|left|><|right|>\tb"]


def write_tiny(kind, output):
    folder = os.path.join(output, f"tiny-{kind}")
    os.makedirs(folder, exist_ok=True)
    tokenizer = tiny(kind)
    write(os.path.join(folder, "tokenizer.json"), json.loads(tokenizer.to_str()))
    write(os.path.join(folder, "tokenizer_config.json"), {
        "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"})
    cases = [[text, tokenizer.encode(text, add_special_tokens=False).ids]
             for text in ADDED + texts(50, 4)]
    write(os.path.join(folder, "expected.json"), cases)


def write(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    os.makedirs(options.output, exist_ok=True)
    write(os.path.join(options.output, "smollm2.json"), smollm2(options.model))
    for kind in ("gpt2", "smollm", "llama3", "qwen2"):
        write_tiny(kind, options.output)
    write(os.path.join(options.output, "templates.json"), chat_cases(options.data, options.model))


if __name__ == "__main__":
    main()
