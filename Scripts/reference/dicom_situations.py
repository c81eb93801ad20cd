"""Tests/Fixtures/dicom-situations: small DICOM files of what devices write beside the usual, and how
pydicom shows them.

    dicom_situations.py --output Tests/Fixtures/dicom-situations

`expected.json`: for each file and frame the eight-bit pixels (base64 of [H, W] or [H, W, 3]) as
`dicom_rendering.py` has them from pydicom's own functions, or null where the program has to refuse.
Needs what that script needs.
"""

import argparse
import base64
import io
import json
import os

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, itemize_fragment
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian,
    ImplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless)

import dicom_rendering

HEIGHT, WIDTH = 12, 16
RAMP = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH)


def item(**values):
    ds = Dataset()
    for key, value in values.items():
        setattr(ds, key, value)
    return ds


def image(array, syntax=ExplicitVRLittleEndian, photometric="MONOCHROME2", stored=None, **more):
    """A data set around [H, W], [frames, H, W] or [H, W, 3]."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
    ds.Modality = "CT"
    coloured = photometric == "RGB" or photometric.startswith("YBR")
    ds.SamplesPerPixel = 3 if coloured else 1
    if coloured:
        ds.PlanarConfiguration = 0
    ds.PhotometricInterpretation = photometric
    ds.Rows, ds.Columns = array.shape[-3:-1] if coloured else array.shape[-2:]
    ds.BitsAllocated = 8 * array.dtype.itemsize
    ds.BitsStored = stored or ds.BitsAllocated
    ds.HighBit = ds.BitsStored - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    if array.ndim == 3 and not coloured:
        ds.NumberOfFrames = str(len(array))
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    data = array.astype(array.dtype.newbyteorder(order)).tobytes()
    ds.PixelData = data + bytes(len(data) % 2)
    ds["PixelData"].VR = "OW" if array.dtype.itemsize > 1 else "OB"
    for key, value in more.items():
        setattr(ds, key, value)
    return ds


def written(ds):
    output = io.BytesIO()
    ds.save_as(output, enforce_file_format=True)
    return output.getvalue()


def table(first, entries, bits, kind="US"):
    ds = item(LUTDescriptor=[len(entries), first, bits], LUTData=[int(value) for value in entries])
    ds["LUTDescriptor"].VR = kind
    ds["LUTData"].VR = "US"
    return ds


def enhanced(**voi):
    """Two frames, rescaled alike, each with a window of its own."""
    frames = [item(FrameVOILUTSequence=Sequence([item(
        WindowCenter=str(200 + 500 * frame), WindowWidth="700", **voi)])) for frame in range(2)]
    value = item(RescaleSlope="2", RescaleIntercept="-300", RescaleType="US")
    return image(np.stack([RAMP * 5, RAMP[::-1] * 5]).astype(np.uint16),
                 SharedFunctionalGroupsSequence=Sequence(
                     [item(PixelValueTransformationSequence=Sequence([value]))]),
                 PerFrameFunctionalGroupsSequence=Sequence(frames))


def palette(array, bits, tables, descriptor_bits=None, first=0, segmented=False):
    ds = image(array, photometric="PALETTE COLOR")
    for name, entries in zip(("Red", "Green", "Blue"), tables):
        count = 256 if segmented else len(entries)
        setattr(ds, f"{name}PaletteColorLookupTableDescriptor", [count, first, descriptor_bits or bits])
        data = np.asarray(entries).astype("<u2" if bits > 8 else "u1").tobytes()
        prefix = "Segmented" if segmented else ""
        setattr(ds, f"{prefix}{name}PaletteColorLookupTableData", data + bytes(len(data) % 2))
    return ds


def jpeg(array):
    output = io.BytesIO()
    Image.fromarray(array).save(output, "JPEG", quality=95)
    return output.getvalue()


def compressed(ds, syntax, data):
    ds.file_meta.TransferSyntaxUID = syntax
    ds.PixelData = data
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return ds


def halves(streams):
    """Two fragments a frame and an empty table."""
    parts = [half for stream in streams
             for half in (stream[:len(stream) // 4 * 2], stream[len(stream) // 4 * 2:])]
    parts = [part + bytes(len(part) % 2) for part in parts]
    return b"\xfe\xff\x00\xe0\0\0\0\0" + b"".join(itemize_fragment(part) for part in parts)


def shorter_streams():
    """Signed values whose code stream has fewer bits than Bits Stored says."""
    signed = (RAMP * 20 - 1500).astype(np.int16)
    large = np.tile(signed, (3, 3))
    for name, syntax, encoder, pixels in [
            ("jpeg-ls-signed-12-of-16", JPEGLSLossless, "pyjpegls", signed),
            ("jpeg-2000-signed-12-of-16", JPEG2000Lossless, "pylibjpeg", large)]:
        ds = image(pixels, stored=12, WindowCenter="0", WindowWidth="3000")
        ds.compress(syntax, encoding_plugin=encoder, generate_instance_uid=False)
        ds.BitsStored, ds.HighBit = 16, 15
        yield name, written(ds)


def situations():
    sixteen = (RAMP * 20).astype(np.uint16)
    yield "sigmoid", written(image(sixteen, WindowCenter="2000", WindowWidth="900",
                                   VOILUTFunction="SIGMOID"))
    yield "exact", written(image(sixteen, WindowCenter="2000", WindowWidth="900",
                                 VOILUTFunction="LINEAR_EXACT"))
    yield "exact-narrow", written(image(sixteen, RescaleSlope="0.0001", RescaleIntercept="0",
                                        WindowCenter="0.2", WindowWidth="0.3",
                                        VOILUTFunction="LINEAR_EXACT"))
    for name in ("LINEAR", "SIGMOID", "LINEAR_EXACT"):
        yield f"groups-{name.lower()}", written(enhanced(VOILUTFunction=name))
    falling = 4095 - np.arange(0, 4096, 8)
    yield "modality-lut", written(image((RAMP * 2).astype(np.uint16), ModalityLUTSequence=Sequence(
        [table(16, falling * 16, 16)]), WindowCenter="60000", WindowWidth="9000"))
    yield "voi-lut", written(image(sixteen, VOILUTSequence=Sequence(
        [table(100, falling ** 2 // 4096, 12)])))
    yield "voi-lut-and-window", written(image(
        sixteen, VOILUTSequence=Sequence([table(100, falling, 12)]), WindowCenter="1000",
        WindowWidth="100"))
    yield "voi-lut-signed", written(image(
        (RAMP * 3 - 250).astype(np.int16), VOILUTSequence=Sequence([table(-256, falling, 12, "SS")])))
    yield "voi-lut-inverse", written(image(sixteen, photometric="MONOCHROME1", VOILUTSequence=Sequence(
        [table(0, np.arange(0, 65536, 16), 16)])))
    padded = (RAMP * 5 - 400).astype(np.int16)
    padded[:3] = -2000
    yield "padding", written(image(padded, PixelPaddingValue=-2000))
    padded[3] = -1990
    yield "padding-range", written(image(padded, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1900))
    thirty_two = (RAMP.astype(np.uint32) * 20_000_000)
    yield "bits-32", written(image(thirty_two))
    yield "bits-32-big", written(image(thirty_two, ExplicitVRBigEndian))
    yield "bits-32-signed", written(image((RAMP.astype(np.int64) * 20_000_000 - 2**30).astype(np.int32)))
    one = image(np.packbits((RAMP[:, :12] % 3 == 0).ravel(), bitorder="little")[None])
    one.BitsAllocated = one.BitsStored = 1
    one.HighBit, one.Rows, one.Columns = 0, 12, 12
    yield "bits-1", written(one)
    floats = image(sixteen)
    del floats.PixelData, floats.BitsStored, floats.HighBit, floats.PixelRepresentation
    floats.BitsAllocated = 32
    floats.FloatPixelData = (RAMP * 0.25 - 7).astype("<f4").tobytes()
    yield "floats", written(floats)
    odd = np.arange(27).reshape(3, 3, 3).astype(np.uint8)
    big = image(odd, ExplicitVRBigEndian)
    swapped = np.frombuffer(odd.tobytes() + b"\0", "<u2").astype(">u2").tobytes()
    big.PixelData = swapped
    big["PixelData"].VR = "OW"
    yield "big-endian-odd", written(big)
    yield "deflated", written(image(sixteen, DeflatedExplicitVRLittleEndian))
    plain = written(image(sixteen, ImplicitVRLittleEndian))
    yield "no-mark", bytes(128) + plain[132:]
    yield "no-preamble", plain[132:]
    yield "no-frames", written(image(sixteen, NumberOfFrames="0"))
    yield "empty-first-window", written(image(sixteen, WindowCenter=["", "2000"],
                                              WindowWidth=["", "700"]))
    steps = np.arange(0, 256)
    index = (RAMP % 256).astype(np.uint8)
    yield "palette-8", written(palette(index, 8, [steps, steps[::-1], steps // 2]))
    yield "palette-16-filled-8", written(palette(index, 16, [steps, steps[::-1], steps // 2]))
    yield "palette-16", written(palette(index, 16, [steps * 257, steps[::-1] * 257, steps * 100]))
    ramp = [0, 2, 0, 65535 // 255, 1, 100, 40000, 1, 154, 65535]
    flat = [0, 1, 30000, 1, 255, 30000]
    yield "palette-segmented", written(palette(index, 16, [ramp, flat, ramp], segmented=True))
    yield "rgb-16", written(image(np.stack([RAMP * 300, RAMP * 200, RAMP * 100], -1).astype(np.uint16),
                                  photometric="RGB"))
    grey = [RAMP.astype(np.uint8), RAMP[::-1].astype(np.uint8)]
    large = [np.kron(frame, np.ones((2, 2), np.uint8)) for frame in grey]
    two = image(np.stack(large), WindowCenter="100", WindowWidth="150")
    yield "jpeg-two-fragments", written(compressed(two, JPEGBaseline8Bit, halves([jpeg(f) for f in large])))
    yield from shorter_streams()


def refused():
    """Files that the program has to refuse, each for a reason of its own."""
    sixteen = (RAMP * 20).astype(np.uint16)
    yield "slope-0", written(image(sixteen, RescaleSlope="0", RescaleIntercept="5"))
    comma = written(image(sixteen, WindowCenter="40.5", WindowWidth="300.5"))
    yield "comma", comma.replace(b"40.5", b"40,5").replace(b"300.5", b"300,5")
    yield "width-0", written(image(sixteen, WindowCenter="40", WindowWidth="0"))
    yield "function", written(image(sixteen, WindowCenter="40", WindowWidth="9", VOILUTFunction="CUBIC"))
    yield "short", written(image(sixteen, Rows=HEIGHT + 1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    folder = parser.parse_args().output
    os.makedirs(folder, exist_ok=True)
    expected = {}
    for name, data in [*situations(), *refused()]:
        path = os.path.join(folder, f"{name}.dcm")
        with open(path, "wb") as file:
            file.write(data)
    for name in sorted(name for name, _ in refused()):
        expected[name] = None
    for name, _ in situations():
        path = os.path.join(folder, f"{name}.dcm")
        frames = int(pydicom.dcmread(path, force=True).get("NumberOfFrames", 1) or 1)
        expected[name] = [
            base64.b64encode(np.ascontiguousarray(dicom_rendering.by_pydicom(path, frame)).tobytes()).decode()
            for frame in range(frames)]
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file, indent=0, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
