"""`preceptor images deidentify` for the scripts beside this one."""

import collections
import os
import subprocess
import sys
import tempfile

RETAINED = {"uids", "device", "institution", "patient", "dates", "shifted-dates"}
CLEANED = {"descriptors", "structured", "graphics"}
PICTURES = {".png", ".jpg", ".webp"}

# outcome: "written", "held back", "refused" or "failed", the last for what is an error of the file.
Answer = collections.namedtuple("Answer", "outcome reason copy")


def switches(options):
    retained, cleaned = [o for o in options if o in RETAINED], [o for o in options if o in CLEANED]
    others = ["--" + o for o in options if o not in RETAINED | CLEANED]
    return others + (["--retain", *retained] if retained else []) + (["--clean", *cleaned] if cleaned else [])


def deidentify(program, options, files, folder, key="k" * 32, said=None):
    """An answer for each file, whose copies go into `folder`.

    said: a list that takes what the program printed. A status other than 0 and 1 ends this process.
    """
    with tempfile.TemporaryDirectory() as place:
        inputs, copies = [], []
        for index, path in enumerate(files):
            kind = os.path.splitext(path)[1]
            name = f"{index:05}{kind if kind in PICTURES else '.dcm'}"
            inputs.append(os.path.join(place, name))
            copies.append(os.path.join(folder, name))
            os.symlink(os.path.abspath(path), inputs[-1])
        secret = os.path.join(place, "key")
        with open(secret, "w", encoding="ascii") as file:
            file.write(key.encode().hex())
        done = subprocess.run([program, "images", "deidentify", *inputs, "--output", folder, "--key", secret,
                               *switches(options)], capture_output=True, text=True, errors="replace")
        if said is not None:
            said += [done.stdout, done.stderr]
        if done.returncode not in (0, 1):
            sys.exit(f"{program} ended with {done.returncode}: {done.stderr[-500:]}")
        lines = {}
        for line in (done.stdout + done.stderr).splitlines():
            path, _, text = line.partition(": ")
            lines.setdefault(path, text)
        return [answer(lines.get(path), copy) for path, copy in zip(inputs, copies)]


def answer(line, copy):
    if os.path.exists(copy):
        return Answer("written", "", copy)
    if line is None:
        sys.exit(f"nothing was said of {copy}")
    for outcome in ("held back", "refused"):
        if line.startswith(outcome + ": "):
            return Answer(outcome, line[len(outcome) + 2:], None)
    return Answer("failed", line, None)
