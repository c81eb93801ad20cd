"""Inputs that hold a mark wherever a patient could be, and a search for what is left of them.

    deidentification_canaries.py make FOLDER
    deidentification_canaries.py check PROGRAM    status 1 where a mark is left, or a copy is missing
    deidentification_canaries.py compare PROGRAM  a Markdown table of several programs

`make` writes DICOM files: every attribute of the dictionary at three depths in five transfer
syntaxes, each odd encoding of a sequence, and what stands around and within pixels. A mark is
MARK and the attribute's number, so that what is left has a name; dates, times, ages and UIDs have
marks of their own form. `check` searches every byte of each copy, also inflated, with its bytes
swapped, and as UTF-16, and what the program prints, also of `images info` and `images render`.
PROGRAM is ./preceptor.

Needs pydicom, numpy and pillow; `compare` also dicognito, deid, and gdcmanon of Debian's
libgdcm-tools.
"""

import io
import logging
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import warnings
import zlib

import numpy
from deidentification import deidentify
from PIL import Image
from pydicom._dicom_dict import DicomDictionary

MARK = "QZX77"
UID_MARK = "1.2.826.0.77133.77."
DATE_MARK, TIME_MARK, AGE_MARK = "17770913", "071317.771337", "777Y"
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, JPEG = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50"
JPEG2000, JPEGLS, RLE = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.5"
LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
# What a file needs in order to be one.
NEEDED = {0x00080016, 0x00080018, 0x00280002, 0x00280004, 0x00280006, 0x00280008, 0x00280010,
          0x00280011, 0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x00280301, 0x00080005,
          0x7FE00010, 0x7FE00008, 0x7FE00009, 0x7FE00001, 0x7FE00002, 0x7FE00003, 0x00041220}
SIDE = 32


class Encoder:
    """Elements in one encoding; nothing is checked, so that wrong ones can be written."""

    def __init__(self, syntax):
        self.implicit = syntax == IMPLICIT
        self.order = ">" if syntax == BIG else "<"

    def element(self, tag, kind, value, length=None):
        length = len(value) if length is None else length
        head = struct.pack(self.order + "HH", tag >> 16, tag & 0xFFFF)
        if self.implicit:
            return head + struct.pack("<I", length) + value
        if kind in LONG:
            return head + kind.encode() + b"\0\0" + struct.pack(self.order + "I", length) + value
        return head + kind.encode() + struct.pack(self.order + "H", length) + value

    def item(self, value, length=None):
        return struct.pack(self.order + "HHI", 0xFFFE, 0xE000, len(value) if length is None else length) + value

    def end(self, element=0xE00D):
        return struct.pack(self.order + "HHI", 0xFFFE, element, 0)

    def numbers(self, letter, *values):
        return struct.pack(self.order + letter * len(values), *values)


def even(value, padding=b" "):
    return value + padding * (len(value) % 2)


def marked(tag, kind, code):
    """A value of the representation that holds a mark; text also where numbers belong."""
    text = f"{MARK}{tag:08X}"
    if kind == "UI":
        return even((UID_MARK + str(tag)).encode(), b"\0")
    if kind in ("DA", "TM", "DT", "AS"):
        return even({"DA": DATE_MARK, "TM": TIME_MARK, "DT": DATE_MARK + TIME_MARK, "AS": AGE_MARK}[kind].encode())
    if kind in ("US", "SS", "UL", "SL", "FL", "AT", "FD", "SV", "UV"):
        return (text + "___").encode()
    if kind == "PN":
        return even(f"{text}^J\u00fcrgen={text}".encode("utf-8"))
    if kind == "UT" and code.order == "<":
        return even(text.encode() + b"\xff\xfe" + text.encode("utf-16-le"))
    return even(text.encode())


def dictionary():
    for tag, (kind, many, name, retired, keyword) in sorted(DicomDictionary.items()):
        if tag >> 16 not in (0x0000, 0x0002, 0xFFFE) and tag & 0xFFFF != 0 and tag not in NEEDED:
            yield tag, kind.split(" ")[0] or "UN"


def everything(code, deeper):
    """(tag, bytes) of every attribute, in each sequence an item with what `deeper` gives."""
    for tag, kind in dictionary():
        if kind == "SQ":
            inner = code.element(0x00100010, "PN", marked(tag, "PN", code)) + deeper
            yield tag, code.element(tag, "SQ", code.item(inner))
        else:
            yield tag, code.element(tag, kind, marked(tag, kind, code))
    yield 0x00090010, code.element(0x00090010, "LO", even(f"{MARK}00090010".encode()))
    yield 0x00091001, code.element(0x00091001, "UN", even(f"{MARK}00091001".encode()))


def nested(code, depth):
    """Every attribute within sequences that the profile keeps."""
    inside = b""
    for level in range(depth):
        rows = [row for tag, row in everything(code, b"") if tag not in (0x00081140, 0x00082112)]
        inside = b"".join(rows) if level == 0 else inside
        tag = 0x00082112 if level % 2 else 0x00081140
        inside = code.element(tag, "SQ", code.item(inside))
    return inside


def needed(code, syntax, pixels, bits=(16, 12, 11), frames=None, samples=1):
    text = lambda value: even(value.encode(), b"\0" if "." in value else b" ")
    us = lambda value: code.numbers("H", value)
    rows = {0x00080005: ("CS", b"ISO_IR 192"), 0x00080016: ("UI", text("1.2.840.10008.5.1.4.1.1.2")),
            0x00080018: ("UI", text(UID_MARK + "1")), 0x00280002: ("US", us(samples)),
            0x00280004: ("CS", even(b"MONOCHROME2")), 0x00280010: ("US", us(SIDE)),
            0x00280011: ("US", us(SIDE)), 0x00280100: ("US", us(bits[0])), 0x00280101: ("US", us(bits[1])),
            0x00280102: ("US", us(bits[2])), 0x00280103: ("US", us(0)), 0x00280301: ("CS", b"NO")}
    if frames:
        rows[0x00280008] = ("IS", even(str(frames).encode()))
    result = {tag: code.element(tag, kind, value) for tag, (kind, value) in rows.items()}
    if pixels is not None:
        compressed = syntax not in (IMPLICIT, EXPLICIT, BIG, DEFLATED)
        kind = "OB" if compressed or bits[0] == 8 else "OW"
        result[0x7FE00010] = code.element(0x7FE00010, kind, pixels, 0xFFFFFFFF if compressed else None)
    return result


def plain_pixels(code, high=0):
    values = (numpy.arange(SIDE * SIDE) * 7 % 4096).astype(code.order + "u2") | high
    return values.astype(code.order + "u2").tobytes()


def fragments(*parts):
    code = Encoder(EXPLICIT)
    return code.item(b"") + b"".join(code.item(even(part, b"\0")) for part in parts) + code.end(0xE0DD)


def jpeg(comment=True):
    buffer = io.BytesIO()
    Image.fromarray((numpy.arange(SIDE * SIDE).reshape(SIDE, SIDE) % 251).astype("u1")).save(buffer, "JPEG")
    data = buffer.getvalue()
    if comment:
        text = f"{MARK}JPEGCOM".encode()
        exif = b"Exif\0\0" + f"{MARK}JPEGEXIF".encode()
        segments = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
                            for marker, body in ((0xFE, text), (0xE1, exif), (0xED, text), (0xE0, b"JFXX\0" + text)))
        data = data[:2] + segments + data[2:]
    return data


def jpeg2000():
    buffer = io.BytesIO()
    values = (numpy.arange(SIDE * SIDE).reshape(SIDE, SIDE) % 4096).astype("u2")
    Image.fromarray(values).save(buffer, "JPEG2000", no_jp2=True)
    data = buffer.getvalue()
    body = b"\0\1" + f"{MARK}J2KCOM".encode()
    comment = b"\xff\x64" + struct.pack(">H", len(body) + 2) + body
    start = data.index(b"\xff\x52")
    return data[:start] + comment + data[start:]


def rle():
    segment = bytes([256 - 31, 7]) * (SIDE * SIDE // 32)  # runs of 32 equal bytes
    hidden = even(f"{MARK}RLETAIL".encode(), b"\0")
    header = struct.pack("<III", 2, 64, 64 + len(segment) + len(hidden)).ljust(64, b"\0")
    return header + segment + hidden + segment + hidden


def part10(syntax, body, sop="1.2.840.10008.5.1.4.1.1.2"):
    code = Encoder(EXPLICIT)
    uid = lambda value: even(value.encode(), b"\0")
    rows = [(1, "OB", b"\0\1"), (2, "UI", uid(sop)), (3, "UI", uid(UID_MARK + "1")), (0x10, "UI", uid(syntax)),
            (0x12, "UI", uid(UID_MARK + "12")), (0x13, "SH", even(f"{MARK}000213".encode())),
            (0x16, "AE", even(f"{MARK}000216".encode())), (0x17, "AE", even(f"{MARK}000217".encode())),
            (0x18, "AE", even(f"{MARK}000218".encode())), (0x100, "UI", uid(UID_MARK + "100")),
            (0x102, "OB", even(f"{MARK}000102".encode(), b"\0"))]
    meta = b"".join(code.element(0x00020000 | tag, kind, value) for tag, kind, value in rows)
    meta = code.element(0x00020000, "UL", struct.pack("<I", len(meta))) + meta
    if syntax == DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        body = even(packer.compress(body) + packer.flush(), b"\0")
    return f"{MARK}PREAMBLE".encode().ljust(128, b"x") + b"DICM" + meta + body


def file(syntax, pixels, extra, **format):
    code = Encoder(syntax)
    rows = needed(code, syntax, pixels, **format)
    rows.update(extra)
    rows.update(needed(code, syntax, pixels, **format))
    return part10(syntax, b"".join(rows[tag] for tag in sorted(rows)))


def patient(code):
    return code.element(0x00100010, "PN", marked(0x00100010, "PN", code)) + \
        code.element(0x00080018, "UI", marked(0x00080018, "UI", code))


def odd_sequences(tag):
    """name -> (syntax, bytes of the element): what devices write, and worse."""
    e, i = Encoder(EXPLICIT), Encoder(IMPLICIT)
    name, undefined = patient, 0xFFFFFFFF
    deep = {}
    for code, syntax in ((e, EXPLICIT), (i, IMPLICIT)):
        inside = name(code)
        for _ in range(33):
            inside = code.element(tag, "SQ", code.item(inside))
        deep[syntax] = inside
    hidden = f"{MARK}PADDING!".encode()
    return {
        "un-defined-explicit": (EXPLICIT, e.element(tag, "UN", e.item(name(e)))),
        "un-defined-implicit": (EXPLICIT, e.element(tag, "UN", i.item(name(i)))),
        "un-undefined-explicit": (EXPLICIT, e.element(tag, "UN", e.item(name(e)) + e.end(0xE0DD), undefined)),
        "un-undefined-implicit": (EXPLICIT, e.element(tag, "UN", i.item(name(i)) + i.end(0xE0DD), undefined)),
        "ob-explicit": (EXPLICIT, e.element(tag, "OB", e.item(name(e)))),
        "ob-implicit": (EXPLICIT, e.element(tag, "OB", i.item(name(i)))),
        "lo-explicit": (EXPLICIT, e.element(tag, "LO", e.item(name(e)))),
        "stray-item-delimiter": (IMPLICIT, i.element(tag, "SQ", i.item(name(i)) + i.end(0xE00D))),
        "stray-sequence-delimiter": (IMPLICIT, i.element(tag, "SQ", i.item(name(i)) + i.end(0xE0DD))),
        "stray-delimiter-in-item": (IMPLICIT, i.element(tag, "SQ", i.item(name(i) + i.end(0xE00D)))),
        "stray-delimiter-explicit": (EXPLICIT, e.element(tag, "SQ", e.item(name(e)) + e.end(0xE0DD))),
        "padding-in-item": (IMPLICIT, i.element(tag, "SQ", i.item(name(i) + hidden))),
        "padding-behind-item": (IMPLICIT, i.element(tag, "SQ", i.item(name(i)) + hidden)),
        "padding-zeros": (IMPLICIT, i.element(tag, "SQ", i.item(name(i) + bytes(8)))),
        "inner-overrun": (IMPLICIT, i.element(tag, "SQ", i.item(
            i.element(0x00100010, "PN", marked(0x00100010, "PN", i), 0x1000)))),
        "item-overrun": (IMPLICIT, i.element(tag, "SQ", i.item(name(i), 0x1000))),
        "odd-length": (EXPLICIT, e.element(tag, "SQ", e.item(e.element(0x00100010, "PN", (MARK + "00100010").encode())))),
        "levels-33-explicit": (EXPLICIT, deep[EXPLICIT]),
        "levels-33-implicit": (IMPLICIT, deep[IMPLICIT]),
        "text-in-sequence": (EXPLICIT, e.element(tag, "SQ", f"{MARK}{tag:08X}_".encode())),
    }


def inputs():
    for name, syntax in (("implicit", IMPLICIT), ("explicit", EXPLICIT), ("big", BIG), ("deflated", DEFLATED),
                         ("jpeg", JPEG)):
        code = Encoder(syntax)
        pixels = fragments(jpeg()) if syntax == JPEG else plain_pixels(code)
        bits = (8, 8, 7) if syntax == JPEG else (16, 12, 11)
        yield f"all-{name}-1", file(syntax, pixels, dict(everything(code, b"")), bits=bits)
        yield f"all-{name}-2", file(syntax, pixels, {0x00081140: nested(code, 1)}, bits=bits)
        yield f"all-{name}-3", file(syntax, pixels, {0x00081140: nested(code, 3)}, bits=bits)
        # Every attribute as UN, which is what a reader without its dictionary writes.
        if not code.implicit:
            rows = {tag: code.element(tag, "UN", marked(tag, kind, code)) for tag, kind in dictionary()}
            yield f"all-{name}-un", file(syntax, pixels, rows, bits=bits)
    for where, tag in (("kept", 0x00081140), ("groups", 0x52009229), ("unknown", 0x0040FFF0), ("private", 0x00091010)):
        for name, (syntax, row) in odd_sequences(tag).items():
            yield f"odd-{where}-{name}", file(syntax, plain_pixels(Encoder(syntax)), {tag: row})
    code = Encoder(EXPLICIT)
    tail = f"{MARK}BEHINDPIXELS".encode() * 2
    yield "pixels-tail", file(EXPLICIT, plain_pixels(code) + even(tail), {})
    yield "pixels-high-bits", file(EXPLICIT, plain_pixels(code, 0xA000), {
        0x60000010: b"".join((code.element(0x60000010, "US", code.numbers("H", SIDE)),
                              code.element(0x60000011, "US", code.numbers("H", SIDE)),
                              code.element(0x60000100, "US", code.numbers("H", 16)),
                              code.element(0x60000102, "US", code.numbers("H", 13))))})
    yield "pixels-file-tail", file(EXPLICIT, plain_pixels(code), {}) + code.element(
        0xFFFCFFFC, "OB", even(tail))
    yield "pixels-group", file(EXPLICIT, plain_pixels(code), {
        0x60003000: code.element(0x60003000, "OW", even(tail)), 0x60000022: code.element(0x60000022, "LO", even(tail)),
        0x50003000: code.element(0x50003000, "OW", even(tail))})
    hidden = f"{MARK}BEHINDFRAME".encode()
    yield "frame-jpeg-tail", file(JPEG, fragments(jpeg() + hidden), {}, bits=(8, 8, 7))
    yield "frame-jpeg-two", file(JPEG, fragments(jpeg(), jpeg() + hidden), {}, bits=(8, 8, 7), frames=2)
    half = len(jpeg()) // 2 & ~1
    yield "frame-jpeg-split", file(JPEG, fragments(jpeg()[:half], jpeg()[half:] + hidden), {}, bits=(8, 8, 7))
    offsets = fragments(jpeg())
    yield "frame-offset-table", file(JPEG, code.item(even(hidden, b"\0")) + offsets[8:], {}, bits=(8, 8, 7))
    yield "frame-jpeg2000", file(JPEG2000, fragments(jpeg2000() + hidden), {})
    yield "frame-rle", file(RLE, fragments(rle()), {})


def variants():
    text = MARK.encode()
    swapped = lambda data: b"".join(data[k:k + 2][::-1] for k in range(0, len(data) & ~1, 2))
    # Swapped from an even and from an odd place.
    return [re.escape(text), re.escape(swapped(text[:4])), b"." + re.escape(swapped(text[1:5])),
            re.escape(MARK.encode("utf-16-le")), re.escape(MARK.encode("utf-16-be")),
            re.escape(UID_MARK.encode()), DATE_MARK.encode(), re.escape(TIME_MARK.encode()), AGE_MARK.encode()]


def remains(data, first=0):
    """What is left of the marks from this byte on, by name."""
    bodies = [data[first:]]
    try:
        start = data.index(DEFLATED.encode())
        for offset in range(start, min(len(data), start + 600)):
            packer = zlib.decompressobj(-15)
            try:
                inflated = packer.decompress(data[offset:])
            except zlib.error:
                continue
            if len(inflated) > 1000:
                bodies.append(inflated)
                break
    except ValueError:
        pass
    found = set()
    for body in bodies:
        for pattern in variants():
            for hit in re.finditer(pattern, body, re.S):
                text = body[hit.start():hit.start() + 28]
                found.add(re.sub(rb"[^ -~]", b".", text).decode())
    return found


# Files whose lengths contradict each other, or that are of two encodings: DCMTK does not read them.
UNREADABLE = re.compile("odd-(kept|groups)-(inner-overrun|padding-(behind|in)-item|stray-item-delimiter)$|"
                        "odd-.*-(text-in-sequence|un-undefined-explicit)$")


def shown(program, paths, folder):
    """What the other commands print of the files."""
    printed = ""
    for command in (["info", *paths], ["render", *paths, "--output", folder]):
        done = subprocess.run([program, "images", *command], capture_output=True, text=True, errors="replace")
        if done.returncode not in (0, 1):
            sys.exit(f"images {command[0]} ended with {done.returncode}: {done.stderr[-500:]}")
        printed += done.stdout + done.stderr
    return printed


def check(program):
    wrong = clean = 0
    missing, said = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "originals")
        make(folder)
        names = sorted(os.listdir(folder))
        paths = [os.path.join(folder, name) for name in names]
        answers = deidentify(program, [], paths, os.path.join(place, "copies"), said=said)
        # Here the paths are part of what is printed, and hold no mark.
        said.append(shown(program, paths, os.path.join(place, "pictures")))
        for name, answer in zip(names, answers):
            stem = os.path.splitext(name)[0]
            if answer.copy is None:
                missing.append(stem)
                if not UNREADABLE.match(stem):
                    wrong += 1
                    print(f"{stem}: {answer.outcome}: {answer.reason}")
                continue
            found = remains(open(answer.copy, "rb").read())
            clean += not found
            wrong += bool(found)
            if found:
                print(f"{stem}: {len(found)} left: {' '.join(sorted(found)[:6])}")
    printed = remains("".join(said).encode())
    if printed:
        wrong += 1
        print(f"the program prints {len(printed)} marks: {' '.join(sorted(printed)[:6])}")
    print(f"{clean} copies without a mark, {len(missing)} of {len(names)} files refused: {' '.join(missing)}")
    print(f"{wrong} wrong")
    return wrong


def make(folder):
    os.makedirs(folder, exist_ok=True)
    count = 0
    for name, data in inputs():
        # The search must see what it is to find.
        assert any(UID_MARK not in mark for mark in remains(data)), name
        with open(os.path.join(folder, name + ".dcm"), "wb") as out:
            out.write(data)
        count += 1
    print(f"{count} files")


def with_dicognito(source, copy):
    from dicognito.anonymizer import Anonymizer
    from pydicom import dcmread
    data = dcmread(source)
    Anonymizer(seed="canary").anonymize(data)
    data.save_as(copy)


def with_deid(source, copy):
    from deid.config import DeidRecipe
    from deid.dicom import get_identifiers, replace_identifiers
    # The recipe that the package brings; private attributes and sequences go too.
    cleaned = replace_identifiers([source], deid=DeidRecipe(), ids=get_identifiers([source]), save=False,
                                  remove_private=True, strip_sequences=True)
    cleaned[0].save_as(copy)


def with_gdcmanon(source, copy):
    folder = os.path.dirname(copy)
    certificate = os.path.join(folder, "certificate.pem")
    if not os.path.exists(certificate):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=canary", "-days", "2",
                        "-keyout", os.path.join(folder, "key.pem"), "-out", certificate],
                       check=True, capture_output=True)
    done = subprocess.run(["gdcmanon", "-e", "-c", certificate, source, copy], capture_output=True,
                          timeout=20)
    if done.returncode != 0 and os.path.exists(copy):
        os.remove(copy)


def with_program(program):
    def run(source, copy):
        with tempfile.TemporaryDirectory() as folder:
            answer, = deidentify(program, [], [source], folder)
            if answer.copy:
                shutil.move(answer.copy, copy)
    return run


def outcome(run, source, copy):
    """How many marks are left, and how many behind preamble and meta information, which some
    programs leave to whom writes the file; None where there is no copy, whatever stopped them."""
    try:
        run(source, copy)
    except Exception:
        return None
    if not os.path.exists(copy):
        return None
    data = open(copy, "rb").read()
    start = 144 + struct.unpack("<I", data[140:144])[0] if data[128:132] == b"DICM" else 0
    return len(remains(data)), len(remains(data, start))


def compare(program):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    groups = {"every attribute": "all-", "odd sequences": "odd-", "pixels and frames": ("pixels-", "frame-")}
    programs = {"`preceptor`": with_program(program), "`gdcmanon` 3.0.21": with_gdcmanon,
                "`dicognito` 0.19.0": with_dicognito, "`deid` 0.4.13": with_deid}
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "originals")
        make(folder)
        heads = [f"{name}: no copy / clean / marks in the head alone / marks in the data set" for name in groups]
        print("| program | " + " | ".join(heads) + " |\n|---|" + "---|" * len(groups))
        for number, (name, run) in enumerate(programs.items()):
            cells = []
            for prefix in groups.values():
                names = [entry for entry in sorted(os.listdir(folder)) if entry.startswith(prefix)]
                copies = os.path.join(place, f"{number}-{len(cells)}")
                os.makedirs(copies)
                counts = [outcome(run, os.path.join(folder, entry), os.path.join(copies, entry)) for entry in names]
                left = [behind for _, behind in filter(None, counts) if behind]
                clean, none = counts.count((0, 0)), counts.count(None)
                cells.append(f"{none} / {clean} / {len(counts) - none - clean - len(left)} / {len(left)} ({sum(left)})")
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in ("make", "check", "compare"):
        sys.exit(1 if {"make": make, "check": check, "compare": compare}[sys.argv[1]](sys.argv[2]) else 0)
    sys.exit(__doc__)
