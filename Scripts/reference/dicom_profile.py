"""Sources/Images/Resources/confidentiality.txt: what DICOM's basic profile does to each attribute.

    dicom_profile.py PROFILE.json ATTRIBUTES.json

PROFILE.json is table E.1-1 of PS3.15, ATTRIBUTES.json the dictionary of PS3.6, both as lists of
objects (standard/confidentiality_profile_attributes.json and standard/attributes.json of
github.com/innolitics/dicom-standard). Each line: tag, action, value representation, name.

Where the profile leaves a choice that depends on the kind of object, one is taken that fits all:
a made-up value before an empty one, an empty one before removal.
"""

import json
import os
import sys

ACTIONS = {"X": "X", "Z": "Z", "D": "D", "U": "U", "X/Z": "Z", "X/D": "D", "X/Z/D": "D",
           "Z/D": "D",
           # The sequence stays, and what it holds is treated like everything else.
           "X/Z/U*": "K"}
OUTPUT = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                      "../../Sources/Images/Resources/confidentiality.txt")


def main():
    profile, attributes = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    kinds = {row["id"].lower(): (row["valueRepresentation"].split() or ["UN"])[0]
             for row in attributes}
    lines = []
    for row in profile:
        tag = row["tag"].strip("()").replace(",", "").upper()
        # Repeating groups and private attributes are rules of the program.
        if any(digit not in "0123456789ABCDEF" for digit in tag) or tag.startswith("0002"):
            continue
        action = ACTIONS[row["basicProfile"]]
        lines.append(f"{tag} {action} {kinds.get(tag.lower(), 'UN')} {' '.join(row['name'].split())}")
    with open(OUTPUT, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in sorted(lines)))


if __name__ == "__main__":
    main()
