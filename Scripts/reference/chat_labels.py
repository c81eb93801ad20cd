"""Writes Tests/Fixtures/datasets/chat_labels.json: conversations, their ids and labels.

    python Scripts/reference/chat_labels.py MODEL

MODEL is an HF folder of SmolLM2-135M-Instruct. Its template has no {% generation %} block, so one
is put around what the assistant writes, the end of its turn included. No answer begins with white
space: transformers would merge it with the line break of the header, which no prompt can.
"""

import json
import os
import sys

from transformers import AutoTokenizer

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

CONVERSATIONS = [
    [("user", "Is aspirin an anticoagulant?"), ("assistant", "No. It inhibits platelets.")],
    [("system", "Answer with one word."), ("user", "2 + 2?"), ("assistant", "Four"),
     ("user", "And the next?"), ("assistant", "Five")],
    [("user", "Körpertemperatur 38,5 °C 🌡?"), ("assistant", "Fieber\n\n- leicht\n")],
    [("user", "The word assistant\nis in the question"), ("assistant", "assistant\n")],
]

TURN = "'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'"
MARKED = (
    "'<|im_start|>' + message['role'] + '\n' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|im_end|>' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|im_end|>' }}{% endif %}{{ '\n'"
)


def main():
    tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
    template = tokenizer.chat_template.replace(TURN, MARKED)
    assert template != tokenizer.chat_template, "this is not the template of SmolLM2"
    cases = []
    for turns in CONVERSATIONS:
        messages = [{"role": role, "content": content} for role, content in turns]
        marked = tokenizer.apply_chat_template(
            messages, chat_template=template, tokenize=True, return_dict=True,
            return_assistant_tokens_mask=True)
        plain = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True)
        assert marked["input_ids"] == plain["input_ids"]
        cases.append({
            "messages": messages, "token_ids": plain["input_ids"],
            "labels": marked["assistant_masks"]})
    path = os.path.join(ROOT, "Tests/Fixtures/datasets/chat_labels.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
