"""Recomputes `preceptor score` with transformers, row by row."""

import math

import torch

END_OF_TURN = "<|im_end|>"


def conversational_ids(tokenizer, row):
    """Completion: the whole rendering after the prompt's, up to and with the last end of turn."""
    encode = lambda text: tokenizer(text, add_special_tokens=False)["input_ids"]
    render = lambda messages, open_turn: encode(tokenizer.apply_chat_template(
        messages, add_generation_prompt=open_turn, tokenize=False))
    prompt = render(row["prompt"], True)
    whole = render(row["prompt"] + row["completion"], False)
    if whole[:len(prompt)] != prompt:
        raise ValueError("the rendered prompt is not the beginning of the rendered conversation")
    completion = whole[len(prompt):]
    end = tokenizer.convert_tokens_to_ids(END_OF_TURN)
    if end not in completion:
        raise ValueError(f"the rendered completion has no {END_OF_TURN}")
    return prompt, completion[:len(completion) - completion[::-1].index(end)]


def plain_ids(tokenizer, row):
    """Both usual cuts: the joined text after what it shares with the prompt (TRL), or two texts."""
    prompt = tokenizer(row["prompt"])["input_ids"]
    joined = tokenizer(row["prompt"] + row["completion"])["input_ids"]
    common = next((i for i, (a, b) in enumerate(zip(prompt, joined)) if a != b),
                  min(len(prompt), len(joined)))
    separate = tokenizer(row["completion"], add_special_tokens=False)["input_ids"]
    return [(joined[:common], joined[common:]), (prompt, separate)]


def ways_to_cut(tokenizer, row):
    """[(prompt ids, completion ids)] that a score of this row may rest on."""
    kinds = {type(row["prompt"]), type(row["completion"])}
    if kinds == {str}:
        return plain_ids(tokenizer, row)
    if kinds == {list}:
        return [conversational_ids(tokenizer, row)]
    raise ValueError("prompt and completion must both be strings or both be lists of messages")


def completion_logprobs(model, prompt, completion):
    """Log-probability of every completion token: prompt and completion ids -> [len(completion)]."""
    if not prompt:
        raise ValueError("nothing stands before the first completion token")
    tokens = torch.tensor([prompt + completion])
    with torch.no_grad():
        logits = model(tokens, logits_to_keep=len(completion) + 1).logits[0, :-1]
    targets = tokens[0, len(prompt):, None]
    return torch.log_softmax(logits.float(), dim=-1).gather(-1, targets)[:, 0]


def row_difference(model, tokenizer, row, score):
    """Largest difference of one row's log-probs; ValueError where row and score do not match."""
    if "id" in row and row["id"] != score.get("id"):
        raise ValueError(f"id is {score.get('id')!r}, the input has {row['id']!r}")
    cuts = ways_to_cut(tokenizer, row)
    cut = next((cut for cut in cuts if cut[1] == score["token_ids"]), None)
    if cut is None:
        raise ValueError(f"token ids {score['token_ids'][:8]}..., expected {cuts[0][1][:8]}...")
    if len(score["logprobs"]) != len(score["token_ids"]):
        raise ValueError(f"{len(score['logprobs'])} logprobs for {len(score['token_ids'])} tokens")
    if not cut[1]:
        return 0.0
    expected = completion_logprobs(model, *cut)
    reported = torch.tensor(score["logprobs"], dtype=torch.float64)
    difference = (expected.double() - reported).abs().max().item()
    return math.inf if math.isnan(difference) else difference


def compare(model, tokenizer, rows, scores):
    """The largest difference of all rows, and one line for every row that cannot be compared."""
    problems, largest = [], 0.0
    if not rows or len(rows) != len(scores):
        problems.append(f"{len(rows)} rows in, {len(scores)} rows out")
    for number, (row, score) in enumerate(zip(rows, scores), start=1):
        try:
            largest = max(largest, row_difference(model, tokenizer, row, score))
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"row {number}: {type(error).__name__}: {error}")
    return largest, problems
