"""Conversations with images through the processors of transformers: a part of sentencepiece_fixtures.py.

In the content of a message U+FFFC stands for an image.
"""

import copy
import re

from PIL import Image

PLACE = "\ufffc"

CONVERSATIONS = {
    "question": [("user", PLACE + "What is this?")],
    "one image": [("user", PLACE + "Is there a fracture?"), ("assistant", "No.")],
    "inside": [("user", "Here " + PLACE + " is it."), ("assistant", "Yes, 38.5 °C\n\n- 🩻")],
    "several": [("user", PLACE + PLACE + "Compare them."), ("assistant", "The first is larger.")],
    "alone": [("user", PLACE), ("assistant", "A chest radiograph.")],
    "system": [("system", "Answer briefly."), ("user", "Look: " + PLACE), ("assistant", "Normal.")],
    "turns": [("user", PLACE + "Which organ?"), ("assistant", "The lung."), ("user", "And here?" + PLACE),
              ("assistant", "Liver"), ("user", "Sure?"), ("assistant", "Yes, quite sure.")],
    "no image": [("system", "Be kind."), ("user", "Hi"), ("assistant", "Hello!"), ("user", "Why?"),
                 ("assistant", "<b>Because</b>")],
}


class TokenizerOnly:
    """What a processor does with text, for one whose images need torchvision: Qwen2.5-VL's."""

    def __init__(self, tokenizer, image_token):
        self.tokenizer, self.chat_template = tokenizer, tokenizer.chat_template
        self.image_token_id = tokenizer.convert_tokens_to_ids(image_token)

    def apply_chat_template(self, messages, **settings):
        return self.tokenizer.apply_chat_template(messages, tokenize=False, **settings)

    def __call__(self, text, images):
        return {"input_ids": [self.tokenizer(text)["input_ids"]]}


def parts(content):
    result = []
    for index, text in enumerate(content.split(PLACE)):
        result += [{"type": "image"}] if index else []
        result += [{"type": "text", "text": text}] if text else []
    return result


def spans(text, turns):
    """Where the assistant wrote, the end of the turn included, in characters of the rendering."""
    result, position = [], 0
    for role, content in turns:
        if role != "assistant":
            continue
        chatml = "<|im_start|>assistant\n" in text
        start = text.index(("<|im_start|>assistant\n" if chatml else "ASSISTANT: ") + content, position)
        start += len("<|im_start|>assistant\n" if chatml else "ASSISTANT: ")
        position = start + len(content) + (len("<|im_end|>") if chatml else len(" "))
        result.append((start, position))
    return result


def single_images(ids, image):
    """One id for each run of an image's."""
    return [id for index, id in enumerate(ids) if id != image or index == 0 or ids[index - 1] != image]


def case(processor, turns):
    tokenizer, image = processor.tokenizer, processor.image_token_id
    conversation = [{"role": role, "content": parts(content)} for role, content in turns]
    images = [Image.new("RGB", (56, 56))] * sum(content.count(PLACE) for _, content in turns)

    def encode(messages, prompt):
        text = processor.apply_chat_template(messages, add_generation_prompt=prompt)
        ids = processor(text=text, images=images or None)["input_ids"][0]
        return text, single_images([int(id) for id in ids], image)

    text, ids = encode(conversation, False)
    offsets = tokenizer(text, return_offsets_mapping=True)
    assert offsets["input_ids"] == ids, (text, ids)
    # A token that also has letters of what follows is not the assistant's. (transformers says it is.)
    mask = [end > start and any(first - 1 <= start and first < end <= last for first, last in spans(text, turns))
            for start, end in offsets["offset_mapping"]]
    check_mask(tokenizer, processor, conversation, ids, mask)
    result = {"messages": [{"role": role, "content": content} for role, content in turns], "ids": ids,
              "mask": [int(value) for value in mask]}
    if turns[-1][0] == "user":
        result["prompt"] = encode(conversation, True)[1]
    return result


def check_mask(tokenizer, processor, conversation, ids, mask):
    """transformers' mask, where the template has marks, differs only behind the assistant's parts."""
    # "generation" alone also stands in every template's add_generation_prompt.
    if not re.search(r"{%-? *generation *-?%}", processor.chat_template):
        return
    found = tokenizer.apply_chat_template(
        copy.deepcopy(conversation), chat_template=processor.chat_template, return_dict=True,
        return_assistant_tokens_mask=True)
    bos = len(ids) - len(found["input_ids"])
    assert ids[bos:] == found["input_ids"]
    for index, value in enumerate(found["assistant_masks"]):
        if bool(value) != mask[bos + index]:
            assert value and mask[bos + index - 1], index


def vision_chat(processor):
    return {name: case(processor, turns) for name, turns in CONVERSATIONS.items()}
