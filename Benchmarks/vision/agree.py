"""agree.py MODEL RECORDS SCORES PREVIEW: whether both sides compute the same.

SCORES is what `preceptor score` wrote of RECORDS in f32: its log-probabilities of the answers' tokens
beside transformers', and their ids. PREVIEW is `preceptor preview`: the number of all tokens.
"""
import json
import re
import sys

import peer
import torch

model, processor = peer.load(sys.argv[1], "f32")
model.eval()
with open(sys.argv[1] + "/config.json", encoding="utf-8") as file:
    table = json.load(file)["text_config"]["vocab_size"]
rows, scores = peer.records(sys.argv[2]), peer.records(sys.argv[3])
largest, tokens, unequal = 0.0, 0, 0
for row, score in zip(rows, scores, strict=True):
    answer = [{"role": "assistant",
               "content": [{"type": "text", "text": row["completion"][0]["content"]}]}]
    inputs = processor(
        images=peer.image(row["images"][0]), return_tensors="pt",
        text=processor.apply_chat_template(peer.turns(row) + answer))
    with torch.no_grad():
        logits = model(**inputs).logits[0].double()
    ids = inputs["input_ids"][0]
    tokens += len(ids)
    # After the answer's end-of-turn stands a line break, which nothing is trained on.
    count = len(score["token_ids"])
    span = slice(len(ids) - 1 - count, len(ids) - 1)
    unequal += ids[span].tolist() != score["token_ids"]
    logprobs = torch.log_softmax(logits[span.start - 1:span.stop - 1, :table], -1)
    chosen = logprobs.gather(1, ids[span][:, None])[:, 0]
    largest = max(largest, (chosen - torch.tensor(score["logprobs"])).abs().max().item())
own = int(re.search(r"records, (\d+) tokens", open(sys.argv[4]).read()).group(1))
print(f"{len(rows)} records, tokens {own} and {tokens}, answers of other tokens {unequal}, "
      f"largest difference of a log-probability in f32 {largest:.1e}")
sys.exit(0 if own == tokens and not unequal and largest < 1e-3 else 1)
