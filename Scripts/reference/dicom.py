"""Tests/Fixtures/dicom: small DICOM files of every kind, and what pydicom makes of them.

    dicom.py --output Tests/Fixtures/dicom [--shared ../shared/data/dicom]
    dicom.py --check COPY ORIGINAL

Needs pydicom, pylibjpeg with its two decoders, python-gdcm (which writes lossless JPEG and
JPEG-LS), numpy and Pillow. The patient in the files is invented; the tests look for her after
scrubbing. With --shared the files there are described too, as checksums and a few pixels.

`expected.json`: for each file and each way of reading it, size, CRC-32 of the pixels as 8-bit RGB
and some pixels. pydicom decodes and rescales; windows are the formula of PS3.3 C.11.2.1.2.1, which
is compared here with pydicom's own. --check reads a scrubbed copy with pydicom and compares it.
"""

import argparse
import io
import json
import os
import sys
import zlib

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import apply_color_lut, apply_modality_lut, apply_windowing
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEG2000,
    JPEG2000Lossless, JPEGBaseline8Bit, RLELossless)

UID = "1.2.826.0.1.3680043.8.498."
PLANTED = ["DOE^JANE", "MRN-4711", "St. Elsewhere", "19610203", "Dr^House", "secret remark"]


def gradient(height, width, low, high, frames=1, seed=0):
    """Slopes and noise from `low` to `high`: [frames, height, width] or [height, width]."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    slope = (x / (width - 1) + y / (height - 1)) / 2
    stack = [low + (high - low) * np.clip(slope + random.normal(0, 0.05, slope.shape) * (i + 1), 0, 1)
             for i in range(frames)]
    array = np.rint(np.stack(stack))
    return array if frames > 1 else array[0]


def dataset(name, array, photometric, stored, syntax=ExplicitVRLittleEndian, **more):
    """A file with an invented patient, private tags, references and a nested name."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = UID + str(zlib.crc32(name.encode()))
    meta.ImplementationClassUID = UID + "1"
    meta.SourceApplicationEntityTitle = "HOUSE_AE"
    ds = Dataset()
    ds.file_meta = meta
    ds.preamble = b"MRN-4711".ljust(128, b"\0")
    ds.SOPClassUID = meta.MediaStorageSOPClassUID
    ds.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    ds.StudyInstanceUID, ds.SeriesInstanceUID = UID + "2", UID + "3"
    ds.Modality = "OT"
    ds.StudyDate = ds.ContentDate = "19610203"
    ds.InstitutionName = "St. Elsewhere"
    ds.ReferringPhysicianName = "Dr^House"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = "DOE^JANE", "MRN-4711", "19610203"
    ds.PatientComments = "secret remark"
    ds.ImageComments = "secret remark"
    reference = Dataset()
    reference.ReferencedSOPClassUID = meta.MediaStorageSOPClassUID
    reference.ReferencedSOPInstanceUID = UID + "9"
    reference.PersonName = "DOE^JANE"
    ds.ReferencedImageSequence = Sequence([reference])
    block = ds.private_block(0x0011, "ELSEWHERE", create=True)
    block.add_new(0x01, "LO", "MRN-4711")
    inner = Dataset()
    inner.PatientName = "DOE^JANE"
    block.add_new(0x02, "SQ", Sequence([inner]))
    samples = 1 if photometric.startswith("MONO") or photometric.startswith("PAL") else 3
    ds.SamplesPerPixel, ds.PhotometricInterpretation = samples, photometric
    ds.Rows, ds.Columns = more.pop("shape", array.shape[-2:] if samples == 1 else array.shape[:2])
    ds.BitsAllocated = array.dtype.itemsize * 8
    ds.BitsStored, ds.HighBit = stored, more.pop("high", stored - 1)
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    for key, value in more.items():
        setattr(ds, key, value)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    data = array.astype(array.dtype.newbyteorder(order)).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    ds["PixelData"].VR = "OW" if ds.BitsAllocated == 16 else "OB"
    return ds


def save(folder, name, ds):
    ds.save_as(os.path.join(folder, name), enforce_file_format=True)


def jpeg(array, mode, **options):
    output = io.BytesIO()
    Image.fromarray(array, mode).save(output, "JPEG", **options)
    return output.getvalue()


def compressed(ds, streams, syntax, photometric=None):
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PhotometricInterpretation = photometric or ds.PhotometricInterpretation
    ds.PixelData = encapsulate(streams)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def by_gdcm(folder, source, name, syntax):
    """The source with the pixel data that GDCM makes of it; the rest of its file has the hour."""
    import gdcm
    path, made = os.path.join(folder, source), os.path.join(folder, "made")
    reader = gdcm.ImageReader()
    reader.SetFileName(path)
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(syntax))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(made)
    assert writer.Write()
    theirs, ds = pydicom.dcmread(made), pydicom.dcmread(path)
    os.remove(made)
    ds.file_meta.TransferSyntaxUID = theirs.file_meta.TransferSyntaxUID
    ds["PixelData"] = theirs["PixelData"]
    save(folder, name, ds)


def make(folder):
    import gdcm
    signed = gradient(20, 26, -900, 1500, seed=1).astype(np.int16)
    window = {"WindowCenter": ["40", "600"], "WindowWidth": ["400", "1600"],
              "RescaleSlope": "1.5", "RescaleIntercept": "-24"}
    for name, syntax in [("signed", ExplicitVRLittleEndian), ("implicit", ImplicitVRLittleEndian),
                         ("big", ExplicitVRBigEndian)]:
        save(folder, f"{name}.dcm", dataset(name, signed, "MONOCHROME2", 16, syntax, **window))
    twelve = gradient(20, 26, 0, 4095, seed=2).astype(np.uint16)
    save(folder, "twelve.dcm", dataset("twelve", twelve, "MONOCHROME1", 12, Modality="DX"))
    # Stored in the upper bits, with something else below and signs above nothing.
    high = ((signed.astype(np.int32) & 0xFFF) << 4 | 5).astype(np.uint16).view(np.int16)
    save(folder, "high.dcm", dataset("high", high, "MONOCHROME2", 12, high=15))
    eight = gradient(21, 15, 3, 250, seed=3).astype(np.uint8)
    save(folder, "eight.dcm", dataset("eight", eight, "MONOCHROME2", 8, Modality="US",
                                      BurnedInAnnotation="YES"))
    # GDCM compresses no odd number of bytes.
    even = gradient(20, 16, 3, 250, seed=14).astype(np.uint8)
    save(folder, "even.dcm", dataset("even", even, "MONOCHROME2", 8, Modality="CT"))
    stack = gradient(12, 10, 0, 900, frames=3, seed=4).astype(np.uint16)
    many = dataset("frames", stack, "MONOCHROME2", 16, NumberOfFrames="3")
    save(folder, "frames.dcm", many)
    many.compress(RLELossless, generate_instance_uid=False)
    save(folder, "frames-rle.dcm", many)
    enhanced = dataset("enhanced", stack, "MONOCHROME2", 16, NumberOfFrames="3")
    groups = []
    for frame in range(3):
        group, voi = Dataset(), Dataset()
        voi.WindowCenter, voi.WindowWidth = str(200 + 150 * frame), "500"
        group.FrameVOILUTSequence = Sequence([voi])
        groups.append(group)
    shared, value = Dataset(), Dataset()
    value.RescaleSlope, value.RescaleIntercept, value.RescaleType = "2", "-100", "US"
    shared.PixelValueTransformationSequence = Sequence([value])
    enhanced.SharedFunctionalGroupsSequence = Sequence([shared])
    enhanced.PerFrameFunctionalGroupsSequence = Sequence(groups)
    save(folder, "enhanced.dcm", enhanced)

    colour = np.stack([gradient(18, 22, 0, 255, seed=5 + i) for i in range(3)], -1).astype(np.uint8)
    rgb = dataset("rgb", colour, "RGB", 8, PlanarConfiguration=0)
    save(folder, "rgb.dcm", rgb)
    planes = dataset("planes", colour, "RGB", 8, PlanarConfiguration=1)
    planes.PixelData = np.moveaxis(colour, -1, 0).tobytes()
    save(folder, "planes.dcm", planes)
    save(folder, "ybr.dcm", dataset("ybr", colour, "YBR_FULL", 8, PlanarConfiguration=0))
    half = dataset("half", colour, "YBR_FULL_422", 8, PlanarConfiguration=0)
    pairs = colour.reshape(18, 11, 2, 3)
    half.PixelData = np.concatenate(
        [pairs[..., 0], pairs[:, :, :1, 1], pairs[:, :, :1, 2]], -1).astype(np.uint8).tobytes()
    save(folder, "half.dcm", half)
    indices = gradient(18, 22, 0, 63, seed=8).astype(np.uint8)
    palette = dataset("palette", indices, "PALETTE COLOR", 8)
    for index, name in enumerate(["Red", "Green", "Blue"]):
        table = (np.random.default_rng(20 + index).integers(0, 256, 60) * 257).astype("<u2")
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [60, 2, 16])
        setattr(palette, f"{name}PaletteColorLookupTableData", table.tobytes())
    save(folder, "palette.dcm", palette)

    # Compressed.
    copy = lambda name: pydicom.dcmread(os.path.join(folder, name))
    save(folder, "jpeg-grey.dcm",
         compressed(copy("eight.dcm"), [jpeg(eight, "L", quality=85)], JPEGBaseline8Bit))
    save(folder, "jpeg-colour.dcm", compressed(
        copy("rgb.dcm"), [jpeg(colour, "RGB", quality=85)], JPEGBaseline8Bit, "YBR_FULL_422"))
    # OpenJPEG writes nothing below 32 pixels.
    large = np.stack([gradient(33, 40, 0, 255, seed=9 + i) for i in range(3)], -1).astype(np.uint8)
    deep = gradient(33, 40, 0, 4095, seed=12).astype(np.uint16)
    below = gradient(33, 40, -900, 1500, seed=13).astype(np.int16)
    for name, array, kind, stored, more in [
            ("j2k-rgb.dcm", large, "YBR_RCT", 8, {"PlanarConfiguration": 0}),
            ("j2k-twelve.dcm", deep, "MONOCHROME1", 12, {}),
            ("j2k-signed.dcm", below, "MONOCHROME2", 16, window)]:
        ds = dataset(name, array, kind, stored, **more)
        ds.compress(JPEG2000Lossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)
        save(folder, name, ds)
    ds = dataset("j2k-lossy", below, "MONOCHROME2", 16, **window)
    ds.compress(JPEG2000, j2k_cr=[6], encoding_plugin="pylibjpeg", generate_instance_uid=False)
    save(folder, "j2k-lossy.dcm", ds)
    ts = gdcm.TransferSyntax
    for source, name, syntax in [
            ("signed.dcm", "lossless-signed.dcm", ts.JPEGLosslessProcess14_1),
            ("twelve.dcm", "lossless-twelve.dcm", ts.JPEGLosslessProcess14_1),
            ("even.dcm", "lossless-eight.dcm", ts.JPEGLosslessProcess14_1),
            ("rgb.dcm", "lossless-rgb.dcm", ts.JPEGLosslessProcess14_1),
            ("frames.dcm", "lossless-frames.dcm", ts.JPEGLosslessProcess14_1),
            ("twelve.dcm", "jpegls-twelve.dcm", ts.JPEGLSLossless),
            ("even.dcm", "jpegls-eight.dcm", ts.JPEGLSLossless),
            ("rgb.dcm", "jpegls-rgb.dcm", ts.JPEGLSLossless)]:
        by_gdcm(folder, source, name, syntax)


def windowed(values, center, width):
    y = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    y[values <= center - 0.5 - (width - 1) / 2] = 0
    y[values > center - 0.5 + (width - 1) / 2] = 255
    return np.rint(y)


def first(value):
    return float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)


def stored_window(ds, frame):
    if "WindowCenter" in ds:
        return first(ds.WindowCenter), first(ds.WindowWidth)
    for voi in functional(ds, "PerFrameFunctionalGroupsSequence", frame, "FrameVOILUTSequence"):
        return first(voi.WindowCenter), first(voi.WindowWidth)
    return None


def functional(ds, groups, index, name):
    items = ds.get(groups) or []
    return (items[index].get(name) or []) if index < len(items) else []


def grey(ds, array, frame, window):
    values = apply_modality_lut(array, ds).astype(np.float64)
    for lut in functional(ds, "SharedFunctionalGroupsSequence", 0, "PixelValueTransformationSequence"):
        values = values * float(lut.RescaleSlope) + float(lut.RescaleIntercept)
    chosen = window or stored_window(ds, frame)
    if chosen:
        result = windowed(values, *chosen)
        if window is None and "WindowCenter" in ds:
            theirs = apply_windowing(apply_modality_lut(array, ds), ds)
            low, high = ((0, 2 ** ds.BitsStored - 1) if ds.PixelRepresentation == 0 else
                         (-(2 ** (ds.BitsStored - 1)), 2 ** (ds.BitsStored - 1) - 1))
            slope, intercept = float(ds.get("RescaleSlope", 1)), float(ds.get("RescaleIntercept", 0))
            low, high = low * slope + intercept, high * slope + intercept
            scaled = (theirs - low) / (high - low) * 255
            assert np.abs(scaled - result).max() <= 0.51, np.abs(scaled - result).max()
    else:
        low, width = values.min(), values.max() - values.min()
        result = (np.rint(((values - (low + width / 2)) / width + 0.5) * 255) if width
                  else np.zeros_like(values))
    result = np.clip(result, 0, 255).astype(np.uint8)
    result = 255 - result if ds.PhotometricInterpretation == "MONOCHROME1" else result
    return np.repeat(result[..., None], 3, -1)


def render(ds, frame, window):
    array = ds.pixel_array
    if ds.HighBit != ds.BitsStored - 1:
        # pydicom takes the bits for the lowest ones; PS3.5 8.1.1 lets them end at High Bit.
        words = np.frombuffer(ds.PixelData, np.int16).reshape(ds.Rows, ds.Columns)
        array = words >> (ds.HighBit + 1 - ds.BitsStored)
    frames = int(ds.get("NumberOfFrames", 1) or 1)
    array = array[frame] if frames > 1 else array
    if ds.PhotometricInterpretation.startswith("MONO"):
        return grey(ds, array, frame, window)
    if ds.PhotometricInterpretation == "PALETTE COLOR":
        return (apply_color_lut(array, ds) >> 8).astype(np.uint8)
    return array


def describe(path, frame=0, window=None):
    rgb = np.ascontiguousarray(render(pydicom.dcmread(path), frame, window))
    places = np.linspace(0, rgb.size - 1, 9).astype(int)
    return {"frame": frame, "window": window, "size": [rgb.shape[1], rgb.shape[0]],
            "crc": zlib.crc32(rgb.tobytes()), "mean": float(rgb.mean()),
            "probes": [int(rgb.reshape(-1)[i]) for i in places]}


def expected(folder, shared):
    files = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".dcm"):
            path = os.path.join(folder, name)
            frames = int(pydicom.dcmread(path, stop_before_pixels=True).get("NumberOfFrames", 1))
            files[name] = [describe(path, frame) for frame in range(frames)]
    for window in [(100, 250), (-300.5, 77), (40, 1)]:
        files["signed.dcm"].append(describe(os.path.join(folder, "signed.dcm"), 0, window))
    result = {"made_with": f"pydicom {pydicom.__version__}", "planted": PLANTED, "files": files}
    if shared:
        result["shared"] = {name: [describe(os.path.join(shared, name))]
                            for name in sorted(os.listdir(shared)) if name.endswith(".dcm")}
    return result


def check(copy, original):
    ours, theirs = pydicom.dcmread(copy), pydicom.dcmread(original)
    assert ours.PixelData == theirs.PixelData, "pixel data differ"
    values = []
    ours.walk(lambda _, element: values.append(str(element.value)))
    before = {str(e.value) for e in theirs.iterall()
              if e.VR in ("PN", "LO", "SH", "DA", "UI", "LT", "ST") and len(str(e.value)) > 5}
    kept = sorted(v for v in set(values) & before if not v.startswith("1.2.840.10008."))
    print(f"{copy}: pixel data equal; {len(ours)} of {len(theirs)} attributes; kept: {kept}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output")
    parser.add_argument("--shared")
    parser.add_argument("--check", nargs=2)
    arguments = parser.parse_args()
    if arguments.check:
        check(*arguments.check)
        return
    os.makedirs(arguments.output, exist_ok=True)
    make(arguments.output)
    with open(os.path.join(arguments.output, "expected.json"), "w") as file:
        json.dump(expected(arguments.output, arguments.shared), file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    sys.exit(main())
