"""hf_prefill.py MODEL RECORDS DTYPE: prompts with an image through transformers, one by one, from the
file to the most probable token; a line of JSON."""
import json
import sys
import time

import peer
import torch

model, processor = peer.load(sys.argv[1], sys.argv[3])
model.eval()


def prefill(row):
    """Seconds of the whole, and of the model in it."""
    start = time.perf_counter()
    text = processor.apply_chat_template(peer.turns(row), add_generation_prompt=True)
    inputs = processor(images=peer.image(row["images"][0]), text=text, return_tensors="pt")
    inputs = inputs.to(model.dtype)
    ready = time.perf_counter()
    with torch.inference_mode():
        model(**inputs, use_cache=True, logits_to_keep=1).logits[0, -1].argmax().item()
    end = time.perf_counter()
    return end - start, end - ready


whole, inner = zip(*map(prefill, peer.records(sys.argv[2])))
print(json.dumps({"seconds": whole, "model": inner, "peak": peer.peak_bytes()}))
