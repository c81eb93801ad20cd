"""cut.py FILE COUNT OUTPUT: the first records of as many different images, their paths absolute; a
conversation as a prompt and its completion."""
import json
import pathlib
import sys

path, count, output = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
chosen = {}
for line in open(path, encoding="utf-8"):
    record = json.loads(line)
    image = str((path.parent / record["images"][0]).resolve())
    if "messages" in record:
        turns = record.pop("messages")
        record |= {"prompt": turns[:1], "completion": turns[1:]}
    if len(chosen) < count and image not in chosen:
        chosen[image] = record | {"images": [image]}
with open(output, "w", encoding="utf-8") as file:
    file.writelines(json.dumps(record) + "\n" for record in chosen.values())
