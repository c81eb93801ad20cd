"""What a ratio misses where it does not know how its tokens were drawn; prints the table of Documentation/Rewards.md.

    python Scripts/reference/sampling_settings.py MODEL ../shared/data/pubmedqa/grpo_train.jsonl

Draws answers with each setting and compares, token by token, log p of the distribution that was drawn from with log p
of the model's own (temperature 1, nothing cut off). MODEL: a Hugging Face folder. Needs torch and transformers.
"""

import json
import math
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed

SETTINGS = [("temperature 0.7", {"temperature": 0.7}), ("temperature 1.3", {"temperature": 1.3}), ("top-p 0.9", {"top_p": 0.9}),
            ("top-k 50", {"top_k": 50}), ("min-p 0.1", {"min_p": 0.1}), ("repetition penalty 1.1", {"repetition_penalty": 1.1})]
PROMPTS, ANSWERS, LENGTH = 4, 4, 48


def prompt(record):
    messages = record.get("prompt") or record["messages"]
    return messages if isinstance(messages, list) else [{"role": "user", "content": messages}]


def main(folder, data):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    records = [json.loads(line) for line in open(data, encoding="utf-8")][:PROMPTS]
    prompts = [tokenizer.apply_chat_template(prompt(r), add_generation_prompt=True, return_tensors="pt", return_dict=True)
               for r in records]
    print("| drawn with | mean difference of a token's log p | largest | of an answer's log p, mean | ratio it stands for |")
    print("|---|---|---|---|---|")
    for name, setting in SETTINGS:
        set_seed(0)
        token_gaps, answer_gaps = [], []
        for inputs in prompts:
            start = inputs["input_ids"].shape[1]
            with torch.no_grad():
                # top_k 0: the library's own default would cut as well.
                out = model.generate(**inputs, do_sample=True, max_new_tokens=LENGTH, num_return_sequences=ANSWERS,
                                     return_dict_in_generate=True, output_scores=True, output_logits=True,
                                     pad_token_id=tokenizer.eos_token_id, **({"top_k": 0} | setting))
            drawn = torch.stack(out.scores, 1).log_softmax(-1)
            own = torch.stack(out.logits, 1).float().log_softmax(-1)
            for row, tokens in enumerate(out.sequences[:, start:].tolist()):
                gap = 0.0
                for place, token in enumerate(tokens):
                    difference = (drawn[row, place, token] - own[row, place, token]).item()
                    token_gaps.append(abs(difference))
                    gap += difference
                    if token == tokenizer.eos_token_id:
                        break
                answer_gaps.append(abs(gap))
        answer = sum(answer_gaps) / len(answer_gaps)
        print(f"| {name} | {sum(token_gaps) / len(token_gaps):.3f} | {max(token_gaps):.2f} | {answer:.2f} | {math.exp(answer):.1f} |",
              flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
