"""Renders DICOM files with the program, with pydicom and with DCMTK's dcm2pnm, and compares.

    dicom_rendering.py PROGRAM [FILE...] [--dcm2pnm dcm2pnm] [--all]

PROGRAM is ./preceptor. Without files, all that the packages pydicom, pydicom-data, nibabel, deid and
deid-data ship are taken. Every frame of each is compared. Prints a line for a frame that is not
within one grey level of pydicom or of dcm2pnm, or that one of them refuses (--all: for every frame),
and a summary; ends with status 1 where a file that pydicom shows is refused or looks different.

dcm2pnm reads no functional groups, no LINEAR_EXACT, no JPEG 2000 and takes no automatic window with
padding left out; where it can be asked for the same, its difference stands in the last column.

Needs pydicom 3.0.2, pydicom-data, nibabel, deid, deid-data, pylibjpeg with its three decoders, python-gdcm,
pyjpegls, numpy, Pillow.
"""

import argparse
import collections
import importlib.util
import io
import json
import logging
import os
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_voi, apply_windowing, pixel_array
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

PACKAGES = ["pydicom", "data_store", "nibabel", "deid", "deid_data"]


def shipped():
    """Files of the packages that are DICOM objects or called so, DICOMDIR included."""
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for root, _, names in sorted(os.walk(folder)):
                for name in sorted(names):
                    path = os.path.join(root, name)
                    if is_dicom(path):
                        yield path


def is_dicom(path):
    with open(path, "rb") as file:
        head = file.read(140)
    return head[128:132] == b"DICM" or path.endswith((".dcm", ".dicom"))


# pydicom

def functional(ds, frame, sequence):
    """The items that hold a frame's attributes: its own group, the shared one, the data set."""
    for groups, index in (("PerFrameFunctionalGroupsSequence", frame),
                          ("SharedFunctionalGroupsSequence", 0)):
        items = ds.get(groups) or []
        if index < len(items):
            yield from items[index].get(sequence) or []
    yield ds


def listed(ds, name):
    value = ds.get(name)
    return list(value) if isinstance(value, pydicom.multival.MultiValue) else [value]


def windowed(ds, values, frame):
    """Grey levels as pydicom's functions spread them, or from the least to the greatest value."""
    for place in functional(ds, frame, "FrameVOILUTSequence"):
        if place.get("VOILUTSequence"):
            bits = place.VOILUTSequence[0].LUTDescriptor[2]
            return apply_voi(values.astype(np.int64), place) * 255.0 / (2 ** bits - 1)
        pairs = [pair for pair in zip(listed(place, "WindowCenter"), listed(place, "WindowWidth"))
                 if None not in pair and "" not in pair]
        if not pairs:
            continue
        probe = pydicom.Dataset()
        probe.WindowCenter, probe.WindowWidth = pairs[0]
        if "VOILUTFunction" in place:
            probe.VOILUTFunction = place.VOILUTFunction
        probe.BitsStored, probe.PixelRepresentation = 16, 0
        probe.PhotometricInterpretation = "MONOCHROME2"
        return apply_windowing(values, probe) * 255 / 65535
    return None


def automatic(ds, stored, values):
    kept = np.ones(values.shape, bool)
    if "PixelPaddingValue" in ds:
        limit = ds.get("PixelPaddingRangeLimit", ds.PixelPaddingValue)
        ends = sorted([int(ds.PixelPaddingValue), int(limit)])
        kept = (stored < ends[0]) | (stored > ends[1])
    kept &= np.isfinite(values)
    chosen = values[kept] if kept.any() else values
    low, high = float(chosen.min()), float(chosen.max())
    if ds.get("BitsStored") == 1:
        low, high = 0.0, 1.0
    return np.clip((values - low) / (high - low) * 255, 0, 255) if high > low else values * 0.0


def grey(ds, stored, frame):
    values = apply_modality_lut(stored, ds).astype(np.float64)
    if "ModalityLUTSequence" not in ds and "RescaleSlope" not in ds:
        for place in functional(ds, frame, "PixelValueTransformationSequence"):
            if "RescaleSlope" in place:
                values = values * float(place.RescaleSlope) + float(place.RescaleIntercept)
                break
    shown = windowed(ds, values, frame)
    shown = automatic(ds, stored, values) if shown is None else shown
    shown = np.rint(np.clip(np.nan_to_num(shown), 0, 255)).astype(np.uint8)
    return 255 - shown if ds.PhotometricInterpretation == "MONOCHROME1" else shown


def by_pydicom(path, frame=0):
    """[H, W] or [H, W, 3] of eight bits; raises what pydicom raises."""
    with open(path, "rb") as file:
        data = file.read()
    # A blank in place of preamble and mark, which pydicom does not step over.
    data = data[128:] if not any(data[:128]) and data[128:132] != b"DICM" else data
    ds = pydicom.dcmread(io.BytesIO(data), force=True)
    if "TransferSyntaxUID" not in ds.file_meta:
        is_implicit, is_little = ds.original_encoding
        ds.file_meta.TransferSyntaxUID = (
            ImplicitVRLittleEndian if is_implicit else
            ExplicitVRLittleEndian if is_little else ExplicitVRBigEndian)
    if not ds.get("NumberOfFrames", 1):
        del ds.NumberOfFrames
    stored = pixel_array(ds, index=frame)
    kind = ds.PhotometricInterpretation
    if kind.startswith("MONO"):
        return grey(ds, stored, frame)
    if kind == "PALETTE COLOR":
        colours = apply_color_lut(stored, ds)
        return (colours >> 8 if colours.max() > 255 else colours).astype(np.uint8)
    return (stored >> (ds.BitsStored - 8) if ds.BitsStored > 8 else stored).astype(np.uint8)


# The others

def by_dcm2pnm(program, path, frame, facts, folder):
    """None where it cannot be asked for the same, a text where it refuses."""
    voi = facts.get("voi") or {}
    kind, choice = voi.get("kind"), []
    if kind == "range":
        choice = ["+Wm"]
    elif kind == "table":
        choice = ["+Wl", "1"]
    elif kind in ("LINEAR", "SIGMOID"):
        choice = ["+Ww", str(voi["center"]), str(voi["width"]), "+Wfs" if kind == "SIGMOID" else "+Wfl"]
    elif kind:
        return None
    if "functional" in (facts.get("modalityTransformation") or {}).get("source", ""):
        return None
    output = os.path.join(folder, "dcm2pnm.png")
    done = subprocess.run([program, "-q", "+on", "-O", "+F", str(frame + 1), *choice, path, output], capture_output=True)
    return np.asarray(Image.open(output).convert("RGB")) if done.returncode == 0 else "refused"


def by_program(program, files, frame, folder):
    """For each file its facts and the picture of a frame, or what was said against it."""
    done = subprocess.run([program, "images", "render", *files, "--output", folder, "--frame", str(frame),
                           "--overwrite"], capture_output=True, text=True)
    results = {}
    text, decoder = done.stdout.strip(), json.JSONDecoder()
    while text:
        facts, end = decoder.raw_decode(text)
        results[facts["file"]] = facts
        text = text[end:].strip()
    for line in done.stderr.splitlines():
        for path in files:
            if line.startswith(path + ": "):
                results[path] = line[len(path) + 2:]
    return results


def number_of_frames(path, ours):
    """As the program says, or where it refuses the file, as the file does."""
    if isinstance(ours, dict):
        return (ours.get("dicom") or {}).get("frames", 1)
    try:
        return int(pydicom.dcmread(path, force=True, stop_before_pixels=True).get("NumberOfFrames") or 1)
    except Exception:
        return 1


def difference(first, second):
    if first.ndim == 2:
        first = np.repeat(first[..., None], 3, -1)
    if first.shape != second.shape:
        return f"{first.shape} and {second.shape}"
    return int(np.abs(first.astype(int) - second.astype(int)).max())


def compare(path, frame, ours, dcm2pnm, folder):
    """A verdict and its line."""
    try:
        theirs = by_pydicom(path, frame)
    except Exception as error:
        theirs = type(error).__name__ + ": " + str(error).splitlines()[0][:60] if str(error) else "refused"
    if ours is None or isinstance(ours, str):
        verdict = "both refuse" if isinstance(theirs, str) else "only pydicom shows it"
        return verdict, [ours or "no answer", theirs if isinstance(theirs, str) else "shown", ""]
    pixels = np.asarray(Image.open(ours["output"]).convert("RGB"))
    other = by_dcm2pnm(dcm2pnm, path, frame, ours.get("dicom") or {}, folder) if dcm2pnm else None
    last = "" if other is None else other if isinstance(other, str) else difference(other, pixels)
    if isinstance(theirs, str):
        return "pydicom refuses", ["shown", theirs, last]
    apart = difference(theirs, pixels)
    return ("equal" if apart in (0, 1) else "different"), ["shown", apart, last]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--dcm2pnm")
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    files = options.files or list(shipped())
    verdicts, frames = {}, 0
    print("| file | frame | verdict | program | pydicom | dcm2pnm |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        frame, left = 0, files
        while left:
            rendered = by_program(options.program, left, frame, folder)
            for path in left:
                verdict, cells = compare(path, frame, rendered.get(path), options.dcm2pnm, folder)
                frames += cells[0] == "shown"
                # A file is as bad as its worst frame.
                if verdicts.get(path, "equal") == "equal":
                    verdicts[path] = verdict
                apart = isinstance(cells[2], int) and cells[2] > 1
                if options.all or verdict != "equal" or apart:
                    print("|", " | ".join([os.path.basename(path), str(frame), verdict, *map(str, cells)]), "|")
            frame += 1
            left = [path for path in left if frame < number_of_frames(path, rendered.get(path))]
    counts = collections.Counter(verdicts.values())
    print(f"\n{len(files)} files, {frames} frames shown: "
          + ", ".join(f"{count} {name}" for name, count in counts.most_common()))
    sys.exit(1 if counts["different"] or counts["only pydicom shows it"] else 0)


if __name__ == "__main__":
    main()
