"""Copies of real files: their pixels by pydicom, and what dciodvfy says of them and not of the originals.

    deidentification_files.py PROGRAM [FOLDER...]

PROGRAM is ./preceptor; it runs as if somebody had looked at the pictures. FOLDER: every *.dcm below
it; without one, what the packages of dicom_rendering.py ship. Prints what differs and a summary;
status 1 where a copy has new errors or other pixels than its original. Needs pydicom with pylibjpeg
and python-gdcm, and Debian's dicom3tools; without dciodvfy it says so and compares pixels alone.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings

import pydicom
from deidentification import deidentify
from dicom_rendering import shipped

warnings.simplefilter("ignore")
# High Bit is above Bits Stored - 1: bits below the stored ones go, which pydicom takes for pixels.
CLEARED = {"MR-SIEMENS-DICOM-WithOverlays.dcm"}
# PS3.15 has Responsible Person and Organization removed, PS3.3 wants them, if empty, of an animal.
ANIMALS = "Missing attribute Type 2C Conditional Element= Module="


def errors(path):
    done = subprocess.run(["dciodvfy", path], capture_output=True, text=True, errors="replace")
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]
    return collections.Counter(re.sub(r"<.*?>|\[.*?\]|0x[0-9a-f]+", "", line).strip() for line in lines)


def has_other_pixels(path, copy):
    """None where pydicom shows none of the original."""
    try:
        original = pydicom.dcmread(path, force=True).pixel_array
    except Exception:
        return None
    try:
        return bool((original != pydicom.dcmread(copy).pixel_array).any())
    except Exception as error:
        print(f"{os.path.basename(path)}: {error}")
        return True


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    files = [str(path) for folder in folders for path in sorted(pathlib.Path(folder).rglob("*.dcm"))]
    files = files or list(shipped())
    has_validator = shutil.which("dciodvfy") is not None
    outcomes, counts = collections.Counter(), collections.Counter()
    with tempfile.TemporaryDirectory() as place:
        for path, answer in zip(files, deidentify(program, ["reviewed"], files, place)):
            name = os.path.basename(path)
            outcomes[answer.outcome] += 1
            if answer.copy is None:
                print(f"{name}: {answer.outcome}: {answer.reason}")
                continue
            fresh = errors(answer.copy) - errors(path) if has_validator else {}
            fresh = [line for line in fresh if name != "cat.dcm" or ANIMALS not in line]
            counts["worse"] += bool(fresh)
            for line in fresh:
                print(f"{name}: dciodvfy: {line}")
            other = has_other_pixels(path, answer.copy)
            counts["compared"] += other is not None
            counts["other"] += bool(other) and name not in CLEARED
            if other:
                print(f"{name}: other pixels{', as foreseen' if name in CLEARED else ''}")
    said = f"{counts['worse']} with new errors" if has_validator else "dciodvfy is not there"
    print(f"{len(files)} files: {dict(outcomes)}; of the copies {said}; pixels of {counts['compared']} compared, "
          f"{counts['other']} wrong")
    return 1 if counts["worse"] or counts["other"] else 0


if __name__ == "__main__":
    sys.exit(main())
