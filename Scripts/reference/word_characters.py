"""Writes Tests/Fixtures/tokenizers/word_characters.json: which characters are part of a word for an
added token with `single_word`, by Hugging Face tokenizers, over all of Unicode.

    word_characters.py --output Tests/Fixtures/tokenizers

`ranges`: first and last code points, in hexadecimal, of the characters that keep such a token from
being found where they touch it, before it or behind it. `cases`: texts with the token's places.
"""

import argparse
import json
import os

from tokenizers import AddedToken, Tokenizer, models

TOKEN = "patient"
# Marks and joiners of real scripts, number forms, punctuation that connects.
AROUND = ["", " ", ".", "-", "_", "\u203f", "a", "7", "\u0663", "\u00bd", "\u00b2", "\u2167",
          "\u0301", "\u093f", "\u0903", "\u20dd", "\u200d", "\u200c", "\u00ad", "\u24d0", "\u5fc3",
          "\U0001f600", "\ufe0f", "\U000e0001"]


def tokenizer():
    """One added token and nothing else: every other text is unknown."""
    result = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    result.add_tokens([AddedToken(TOKEN, single_word=True, normalized=False)])
    return result


def found(own, text):
    return own.token_to_id(TOKEN) in own.encode(text, add_special_tokens=False).ids


def ranges(own):
    """The characters, as ranges; both sides of the token must agree."""
    result = []
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            continue
        sides = {found(own, chr(code) + TOKEN), found(own, TOKEN + chr(code))}
        assert len(sides) == 1, f"{code:04X}: another character before than behind"
        if sides.pop():
            continue
        if result and result[-1][1] == code - 1:
            result[-1][1] = code
        else:
            result.append([code, code])
    return [[f"{first:X}", f"{last:X}"] for first, last in result]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    output = os.path.join(parser.parse_args().output, "word_characters.json")
    own = tokenizer()
    cases = [[before + TOKEN + behind, found(own, before + TOKEN + behind)]
             for before in AROUND for behind in AROUND]
    with open(output, "w", encoding="utf-8", newline="\n") as file:
        json.dump({"token": TOKEN, "ranges": ranges(own), "cases": cases}, file,
                  ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
