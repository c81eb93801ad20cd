"""Copies of real files: their pixels by pydicom, and what dciodvfy says of them and not of the originals.

    deidentification_files.py PROGRAM FOLDER...

PROGRAM is Tests/DicomWorker/deidentify_file; it runs as if somebody had looked at the pictures.
FOLDER: every *.dcm below it, for example pydicom/data/test_files. Prints what differs and a
summary; status 1 where the program ends by a signal. Needs pydicom with pylibjpeg and python-gdcm,
and Debian's dicom3tools.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import pydicom

warnings.simplefilter("ignore")


def errors(path):
    done = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]
    return collections.Counter(re.sub(r"<.*?>|\[.*?\]|0x[0-9a-f]+", "", line).strip() for line in lines)


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    files = sorted({path for folder in folders for path in pathlib.Path(folder).rglob("*.dcm")})
    outcomes, new, crashed = collections.Counter(), 0, 0
    decoded = equal = 0
    with tempfile.TemporaryDirectory() as place:
        for path in files:
            copy = os.path.join(place, "copy.dcm")
            done = subprocess.run([program, "k" * 32, "reviewed", str(path), copy], capture_output=True, text=True)
            if done.returncode not in (0, 1):
                print(f"{path.name}: ended with {done.returncode}")
                crashed += 1
                continue
            answer = json.loads(done.stdout, strict=False)
            outcomes[answer["outcome"]] += 1
            if answer["outcome"] != "written":
                print(f"{path.name}: {answer['outcome']}: {answer['reason'][0]}")
                continue
            fresh = errors(copy) - errors(str(path))
            new += bool(fresh)
            for line in fresh:
                print(f"{path.name}: dciodvfy: {line}")
            try:
                original = pydicom.dcmread(path, force=True).pixel_array
            except Exception:  # no pixels, or none that pydicom reads
                continue
            decoded += 1
            try:
                same = (original == pydicom.dcmread(copy).pixel_array).all()
            except Exception as error:
                same = False
                print(f"{path.name}: {error}")
            equal += bool(same)
            if not same:
                print(f"{path.name}: other pixels; {answer['pixels']}")
    print(f"{len(files)} files: {dict(outcomes)}; {new} copies with new errors; "
          f"pixels equal in {equal} of {decoded}")
    return 1 if crashed else 0


if __name__ == "__main__":
    sys.exit(main())
