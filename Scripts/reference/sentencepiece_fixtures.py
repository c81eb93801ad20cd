"""Writes Tests/Fixtures/tokenizers/tiny-spm, llava.json and vision_chat.json.

    sentencepiece_fixtures.py --data SHARED_DATA --output Tests/Fixtures/tokenizers

`tiny-spm`: a SentencePiece model trained here, `tokenizer.json` of the same vocabulary, and the ids
of texts in each way that spaces are treated. `llava.json`: texts and the ids of LLaVA-1.5's
tokenizer. `vision_chat.json`: conversations with images and their ids by transformers' processors,
one id an image.

transformers 5 loses the scores of a `tokenizer.model` (its merges then differ from SentencePiece's),
so tokenizers are built from the model with its own `generate_merges` and the scores; every text
without special tokens is checked against SentencePiece itself.
"""

import argparse
import io
import json
import os
import random
import shutil
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer
from transformers import AutoProcessor, AutoTokenizer, LlamaTokenizer
from transformers.tokenization_utils_base import generate_merges

from tokenizer_fixtures import texts, write
from vision_chat import TokenizerOnly, vision_chat

MARK = "\u2581"
REPLACE = {"type": "Replace", "pattern": {"String": " "}, "content": MARK}
LEGACY = {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": MARK}, REPLACE]}

# What a file says of spaces: normalizer and pre_tokenizer.
SCHEMES = {
    "prepend": (LEGACY, None), "replace": (REPLACE, None),
    **{name: (None, {"type": "Metaspace", "replacement": MARK, "prepend_scheme": scheme, "split": split})
       for name, scheme, split in [("first", "first", False), ("always", "always", False),
                                   ("never", "never", False), ("split", "always", True)]}}

MEDICAL = ["BP 120/80 mmHg, HbA1c 7.2 %, 38.5 °C", "5 µg/kg/min i.v.", "SpO₂ 96%", "β-blocker ±2.5 mg",
           "Δ 3×10⁹/L", "Na⁺ 135–145 mmol/L", "①②③ ☑ 🩻🫁", "naïve cœur Ὀξύς ί ί", "患者の胸部X線",
           "T2‑weighted MRI\n\n- lesion ≥ 1 cm\n", "x\ty\r\nz", "\u00a0a\u3000b\u200bc", "ﬁ ﬂ", "\u2581a \u2581",
           "   leading", "trailing   ", " ", "   ", "\n", "a\n\n\nb", "0x41 <0x41> <0x0A>", "\x00\x07", "🏥" * 9,
           "é e\u0301", "Hello<s>world</s> again", "<s> a", "a <unk> b", "</s>", " </s> x", "a</s>b",
           "The image <image> shows", "<image>\nWhat is this?", "<image><image> a", "a<pad>b", "<image", "x" * 300,
           " " * 40 + "a", "ab " * 60, "(1)\u2028(2)"]


def official(model_file, legacy, added):
    """The tokenizer of a SentencePiece model with the merges that its scores give."""
    proto = sentencepiece_model_pb2.ModelProto()
    with open(model_file, "rb") as file:
        proto.ParseFromString(file.read())
    vocab = {piece.piece: index for index, piece in enumerate(proto.pieces)}
    normal = {p.piece: i for p, i in zip(proto.pieces, range(len(proto.pieces))) if p.type == 1}
    merges = generate_merges(normal, {p.piece: p.score for p in proto.pieces if p.type == 1})
    tokenizer = LlamaTokenizer(vocab=vocab, merges=merges, legacy=legacy, add_bos_token=True, **added)
    return tokenizer


def with_scheme(tokenizer, scheme, model={}):
    """The backend with another treatment of spaces, and other settings of the model."""
    root = json.loads(tokenizer.backend_tokenizer.to_str())
    root["normalizer"], root["pre_tokenizer"] = SCHEMES[scheme]
    root["model"].update(model)
    return Tokenizer.from_str(json.dumps(root))


def ids(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def check(model, tokenizer, special, cases):
    """With a space before every text the ids are SentencePiece's own."""
    plain = [text for text in cases if not any(token in text for token in special)]
    wrong = [text for text in plain if ids(tokenizer, text) != model.encode(text)]
    assert not wrong, wrong
    assert len(plain) > len(cases) / 2


def decodings(model, tokenizer, seed, count):
    """Ids of tokens and bytes, and their text by SentencePiece.

    Hugging Face's differs where the bytes between two tokens are valid in part: it drops all."""
    draw = random.Random(seed)
    size, result = model.get_piece_size(), []
    while len(result) < count:
        sequence = [draw.randrange(259, size) for _ in range(draw.randint(1, 6))]
        for character in draw.choices(["😀", "é", "\n", "€", "𝔸", "\t"], k=draw.randint(0, 3)):
            place = draw.randint(1, len(sequence))
            data = list(character.encode())
            if draw.random() < 0.3:
                data = data[:-1] or [0xFF]
            sequence[place:place] = [model.piece_to_id(f"<0x{byte:02X}>") for byte in data]
        text = model.decode(sequence)
        if "\ufffd" not in text:
            assert tokenizer.decode(sequence, skip_special_tokens=False) == text
        result.append([sequence, text])
    return result


def train():
    """A small model of SentencePiece: BPE, bytes, two symbols of the user, nothing normalized."""
    output = io.BytesIO()
    lines = [line for text in texts(400, 2) for line in text.split("\n") if line.strip()]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=output, model_type="bpe", vocab_size=700,
        character_coverage=0.98, byte_fallback=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, allow_whitespace_only_pieces=True, num_threads=1,
        user_defined_symbols=["<think>", "mmHg"], minloglevel=2)
    return output.getvalue()


def write_tiny(output):
    folder = os.path.join(output, "tiny-spm")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "tokenizer.model")
    with open(path, "wb") as file:
        file.write(train())
    model = sentencepiece.SentencePieceProcessor(path)
    size = model.get_piece_size()
    tokenizer = official(path, False, {"pad_token": None})
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in ("<think>", "mmHg")])
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>"]})
    assert tokenizer.convert_tokens_to_ids("<image>") == size
    cases = texts(40, 6) + MEDICAL
    # Behind what a user defined Hugging Face begins a text again, with a space.
    special = ["<s>", "</s>", "<unk>", "<image>", "<think>", "mmHg"]
    check(model, with_scheme(tokenizer, "prepend"), special, cases)
    expected = {name: [ids(with_scheme(tokenizer, name), text) for text in cases] for name in SCHEMES}
    for name, fuses in (("unknown", False), ("fused", True)):
        settings = {"byte_fallback": False, "unk_token": "<unk>", "fuse_unk": fuses}
        expected[name] = [ids(with_scheme(tokenizer, "prepend", settings), text) for text in cases]
    write(os.path.join(folder, "tokenizer.json"), json.loads(tokenizer.backend_tokenizer.to_str()))
    write(os.path.join(folder, "tokenizer_config.json"), {
        "add_bos_token": True, "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "legacy": True,
        "tokenizer_class": "LlamaTokenizer", "added_tokens_decoder": {
            str(size): {"content": "<image>", "special": True, "normalized": False}}})
    write(os.path.join(folder, "expected.json"), {
        "texts": cases, "ids": expected, "decoded": decodings(model, tokenizer, 5, 40)})


def llava_folder(data):
    """LLaVA-1.5's files with the `tokenizer.json` that its `tokenizer.model` gives."""
    source = os.path.join(data, "tokenizers/llava-1.5-7b-hf")
    folder = tempfile.mkdtemp()
    for name in os.listdir(source):
        if name != "tokenizer.model":
            shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))
    tokenizer = official(os.path.join(source, "tokenizer.model"), False, {"pad_token": None})
    tokenizer.add_special_tokens({"additional_special_tokens": ["<image>", "<pad>"]})
    tokenizer.backend_tokenizer.save(os.path.join(folder, "tokenizer.json"))
    return folder, sentencepiece.SentencePieceProcessor(os.path.join(source, "tokenizer.model"))


def llava(folder, model):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.convert_tokens_to_ids(["<image>", "<pad>"]) == [32000, 32001]
    cases = MEDICAL + texts(100, 7)
    check(model, with_scheme(tokenizer, "prepend"), ["<s>", "</s>", "<unk>", "<image>", "<pad>"], cases)
    legacy = with_scheme(tokenizer, "prepend")
    return {"texts": cases, "ids": {
        "first": [ids(tokenizer.backend_tokenizer, text) for text in cases],
        "prepend": [ids(legacy, text) for text in cases]},
        "decoded": decodings(model, tokenizer, 8, 40)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    options = parser.parse_args()
    write_tiny(options.output)
    folder, model = llava_folder(options.data)
    write(os.path.join(options.output, "llava.json"), llava(folder, model))
    qwen = os.path.join(options.data, "tokenizers/qwen2.5-vl")
    qwen = TokenizerOnly(AutoTokenizer.from_pretrained(qwen), "<|image_pad|>")
    write(os.path.join(options.output, "vision_chat.json"), {
        "llava-1.5-7b-hf": vision_chat(AutoProcessor.from_pretrained(folder)),
        "qwen2.5-vl": vision_chat(qwen)})
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
