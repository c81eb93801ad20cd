"""endless.py MODEL OUTPUT: the same folder, in which no token that is ever drawn ends an answer, so
that every answer has the length that was asked for."""
import json
import os
import pathlib
import sys

model, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
output.mkdir()
for file in model.iterdir():
    if file.name not in ("tokenizer_config.json", "generation_config.json"):
        os.symlink(file, output / file.name)
tokenizer = json.load(open(model / "tokenizer_config.json"))
json.dump(tokenizer | {"eos_token": "<jupyter_output>"}, open(output / "tokenizer_config.json", "w"))
