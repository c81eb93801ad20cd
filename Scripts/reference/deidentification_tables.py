"""Sources/DicomWorker/Deidentification/Tables/*.def: what the de-identification knows of the standard.

    deidentification_tables.py PROFILE.json ATTRIBUTES.json MODULES.json TERMS.tpl LATER.py CHECK.py

PROFILE.json, ATTRIBUTES.json: table E.1-1 of PS3.15 and the dictionary of PS3.6, 2024e, from
  github.com/innolitics/dicom-standard (standard/confidentiality_profile_attributes.json,
  standard/attributes.json).
MODULES.json: which attribute is of type 1, 2 or 3 where, from PyPI's highdicom
  (highdicom/_standard/module_attribute_map.json).
TERMS.tpl: the terms of code strings, from github.com/fedorov/dicom3tools
  (cat libsrc/standard/strval/*.tpl).
LATER.py: the basic profile of a later edition, 2026c, from PyPI's dicom-anonymizer
  (dicomanonymizer/dicom_anonymization_databases/dicomfields_2026c.py). Its rows are added.
CHECK.py: a second reading of the table with all options, 2024c, from PyPI's idiscore
  (idiscore/_public_dicom.py). Differences are printed.

pydicom brings the codes of PS3.16 and the UIDs of PS3.6.
"""

import collections
import json
import os
import re
import sys

from pydicom._dicom_dict import DicomDictionary
from pydicom._uid_dict import UID_dictionary
from pydicom.sr._concepts_dict import concepts

FOLDER = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                      "../../Sources/DicomWorker/Deidentification/Tables")
# Bits of Option in options.h.
OPTIONS = ["rtnUIDsOpt", "rtnDevIdOpt", "rtnInstIdOpt", "rtnPatCharsOpt", "rtnLongFullDatesOpt",
           "rtnLongModifDatesOpt", "cleanDescOpt", "cleanStructContOpt", "cleanGraphOpt"]
# The same in CHECK.py.
OPTIONS_CHECKED = ["retain_uid", "retain_device_id", "retain_institution_id",
                   "retain_patient_characteristics", "retain_full_dates", "retain_modified_dates",
                   "clean_descriptors", "clean_structured_content", "clean_graphics"]
# Referenced Performed Procedure Step Sequence: X/Z/D, but all that it holds is UIDs.
REFERENCES = {"00081111"}
# Text outside the table that says which machine and programs made an image, kept as its serial
# number is.
DEVICE = ["00080070", "00081090", "00181020", "00181210", "00189316", "00180024", "00181008",
          "00181012", "00181016", "00181018", "00181019", "0018101a", "0018101b"]
CHECKED = {"ActionCodes." + name: letter for name, letter in {
    "REMOVE": "X", "EMPTY": "Z", "DUMMY": "D", "UID": "U", "KEEP": "K", "CLEAN": "C",
    "REMOVE_OR_EMPTY": "X/Z", "REMOVE_OR_DUMMY": "X/D", "EMPTY_OR_DUMMY": "Z/D",
    "REMOVE_OR_EMPTY_OR_DUMMY": "X/Z/D", "REMOVE_OR_EMPTY_OR_UID": "X/Z/U*"}.items()}


def write(name, lines):
    head = "// Written by Scripts/reference/deidentification_tables.py. Do not edit.\n"
    with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as file:
        file.write(head + "".join(line + "\n" for line in lines))
    print(f"{name}: {len(lines)} lines")


def basic_action(action, kind, tag):
    """The one letter of a compound action that fits every object.

    A made-up value goes before an empty one, an empty one before removal. Sequences that refer
    to others stay, and what they hold is treated like everything else.
    """
    if kind == "SQ" and ("U" in action or tag in REFERENCES):
        return "K"
    for letter in "UDZ":
        if letter in action.replace("*", "").split("/"):
            return letter
    return "X"


def strictest_types(modules):
    types = collections.defaultdict(lambda: 3)
    for rows in modules.values():
        for row in rows:
            if row["type"][:1] in "123":
                types[row["keyword"]] = min(types[row["keyword"]], int(row["type"][0]))
    return types


def later_rows(path):
    space = {}
    exec(open(path, encoding="utf-8").read(), space)  # a file of plain lists
    names = {"D_TAGS": "D", "Z_TAGS": "Z", "X_TAGS": "X", "U_TAGS": "U", "Z_D_TAGS": "Z/D",
             "X_Z_TAGS": "X/Z", "X_D_TAGS": "X/D", "X_Z_D_TAGS": "X/Z/D",
             "X_Z_U_STAR_TAGS": "X/Z/U*"}
    return {"%04x%04x" % row: letter for name, letter in names.items() for row in space[name]
            if len(row) == 2}


def check(profile, path):
    """Compares with the second reading, option by option; rows that only it has are added."""
    text = open(path, encoding="utf-8").read()
    found = {}
    for name, body in re.findall(r"^(\w+) = RawNemaRuleSet\((.*?)^\)", text, re.S | re.M):
        rows = re.findall(r'SingleTag\("(\w+)"\),\s*(ActionCodes\.\w+)', body)
        found[name] = {tag.lower(): CHECKED.get(code, code) for tag, code in rows}
    print("rule sets of the second reading:", ", ".join(found))
    mine = {row["id"].lower(): row["basicProfile"] for row in profile}
    theirs = found["basic_profile"]
    both = set(mine) & set(theirs)
    print(f"basic profile: {len(mine)} rows here, {len(theirs)} there, {len(both)} in both; "
          f"{sum(mine[tag] == theirs[tag] for tag in both)} of them equal")
    for tag in sorted(both):
        if mine[tag] != theirs[tag]:
            print("  differs", tag, mine[tag], theirs[tag])
    added = {tag: {"id": tag, "basicProfile": theirs[tag]} for tag in set(theirs) - set(mine)}
    print("  only there, added:", ", ".join(sorted(added)) or "none")
    for option, name in zip(OPTIONS, OPTIONS_CHECKED):
        here = {row["id"].lower(): row[option] for row in profile if option in row}
        there = found[name]
        print(f"{option}: {len(here)} here, {len(there)} there, "
              f"{len(set(here.items()) & set(there.items()))} equal")
        for tag in set(added) & set(there):
            added[tag][option] = there[tag]
    return profile + list(added.values())


def attributes(profile, dictionary, modules, later):
    types = strictest_types(modules)
    rows = {row["id"].lower(): row for row in profile}
    known = {row["id"].lower(): row for row in dictionary
             if re.fullmatch("[0-9a-f]{8}", row["id"].lower())}
    # pydicom has some that the first dictionary lacks.
    for number, (kind, many, name, _, keyword) in DicomDictionary.items():
        known.setdefault("%08x" % number, {"valueRepresentation": kind, "valueMultiplicity": many,
                                           "keyword": keyword, "name": name})
    added = {tag: action for tag, action in later.items() if tag not in rows}
    differing = sorted(tag for tag in later if tag in rows and rows[tag]["basicProfile"] != later[tag])
    print(f"later edition: {len(later)} rows, {len(added)} new, {len(differing)} changed:",
          " ".join(f"{tag} {rows[tag]['basicProfile']}->{later[tag]}" for tag in differing))
    lines = []
    for tag in sorted(set(known) | {tag for tag in rows if re.fullmatch("[0-9a-f]{8}", tag)} | set(added)):
        if tag.startswith("0002") or tag.startswith("fffe"):
            continue
        entry = known.get(tag, {"valueRepresentation": "UN", "valueMultiplicity": "1",
                                "keyword": "", "name": "Attribute of a later edition"})
        kind = (entry["valueRepresentation"].replace("See Note", "").split() or ["UN"])[0]
        most = entry["valueMultiplicity"].split(" ")[0].split("-")[-1]
        most = int(most) if most.isdigit() else 0
        strictest = types[entry["keyword"]]
        row = rows.get(tag, {})
        action = added.get(tag) or row.get("basicProfile")
        keep = sum(1 << i for i, option in enumerate(OPTIONS) if row.get(option) == "K")
        clean = sum(1 << i for i, option in enumerate(OPTIONS) if row.get(option) == "C")
        if not row and tag in DEVICE:
            keep = 1 << 1
        letter = basic_action(action, kind, tag) if action else "-"
        name = " ".join(entry["name"].split()).replace('"', "'").replace("\u200b", "")
        lines.append(f"ATTRIBUTE(0x{tag.upper()}, {kind}, {most}, '{letter}', {strictest}, "
                     f"0x{keep:03X}, 0x{clean:03X}, \"{name}\")")
    write("attributes.def", lines)


def terms(path):
    """The terms that the standard itself defines for code strings, of all attributes together."""
    found = set()
    for body in re.findall(r"StringValues=\"\w+\"\s*\{(.*?)\}", open(path, encoding="latin-1").read(), re.S):
        for part in re.split(r"[,\n]", re.sub(r"//.*|#.*", "", body)):
            term = part.split("=")[0].strip().strip('"')
            if re.fullmatch(r"[A-Z0-9 _]{1,16}", term):
                found.add(term)
    # Axial, oblique and localizer images of older devices, character sets' short forms.
    found |= {"AXIAL", "LOCALIZER", "SCREEN SAVE", "SECONDARY", "DERIVED", "ORIGINAL", "PRIMARY"}
    write("terms.def", [f'TERM("{term}")' for term in sorted(found)])


def codes():
    """Units (whose codes follow no scheme that could be checked) and words of the codes' meanings."""
    units = {code for entry in concepts["UCUM"].values() for code in entry}
    write("units.def", [f"UNIT({json.dumps(code)})" for code in sorted(units)])
    words = collections.Counter()
    for scheme in concepts.values():
        for entry in scheme.values():
            for meaning, _ in entry.values():
                words.update(re.findall(r"[a-z]{3,}", meaning.lower()))
                # A capital within a meaning is mostly somebody's name (Parkinson, Doppler).
                for name in re.findall(r"(?<=[a-z] )[A-Z][a-z]{2,}", meaning):
                    words[name.lower()] -= 1
    kept = sorted(word for word, count in words.items() if count > 0)
    write("words.def", [f'WORD("{word}")' for word in kept])


def uids():
    kept = sorted(uid for uid in UID_dictionary if uid.startswith("1.2.840.10008."))
    write("uids.def", [f'UID("{uid}")' for uid in kept])


def main():
    profile, dictionary, modules = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:4])
    os.makedirs(FOLDER, exist_ok=True)
    profile = check(profile, sys.argv[6])
    attributes(profile, dictionary, modules, later_rows(sys.argv[5]))
    terms(sys.argv[4])
    codes()
    uids()


if __name__ == "__main__":
    main()
