"""PNG, JPEG and WebP with marks in EXIF, XMP, comments, colour profiles and behind the picture.

    deidentification_pictures.py PROGRAM

PROGRAM is ./preceptor. Pictures are written by Pillow, de-identified, and
searched for marks; pixels and orientation must be those of the original, and the colour profile
must convert as before. Status 1 where something differs. Needs pillow and numpy.
"""

import io
import os
import re
import struct
import sys
import tempfile
import zlib

import numpy
from deidentification import deidentify
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

MARK = "QZX77"


def exif(orientation):
    data = Image.Exif()
    data[0x0112], data[0x010E], data[0x013B] = orientation, MARK + "description", MARK + "artist"
    data.get_ifd(0x8769)[0x9286] = (MARK + "comment").encode()
    return data


def xmp(orientation=None):
    turned = f' tiff:Orientation="{orientation}"' if orientation else ""
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description{turned} creator="{MARK}xmp"/></x:xmpmeta>'.encode()


def profile():
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", data[128:132])[0]
    for index in range(count):
        name, offset, size = struct.unpack(">4sII", data[132 + 12 * index:144 + 12 * index])
        if name in (b"desc", b"cprt") and data[offset:offset + 4] == b"mluc":
            text = (MARK * 9).encode("utf-16-be")
            start = offset + struct.unpack(">I", data[offset + 24:offset + 28])[0]
            length = struct.unpack(">I", data[offset + 20:offset + 24])[0]
            data[start:start + length] = text[:length].ljust(length, b"\0")
    data[48:52], data[52:56] = b"QZX7", b"QZX7"
    return bytes(data)


def save(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def inputs():
    rng = numpy.random.default_rng(7)
    color = Image.fromarray(rng.integers(0, 255, (40, 56, 3), dtype="u1"))
    grey, clear = color.convert("L"), color.convert("RGBA")
    palette = color.quantize(16)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", MARK + "text")
    text.add_text("Author", MARK + "zipped" * 40, zip=True)
    text.add_itxt("XML:com.adobe.xmp", xmp().decode())
    for name, image in (("color", color), ("grey", grey), ("alpha", clear), ("palette", palette)):
        data = save(image, "PNG", pnginfo=text, exif=exif(6), icc_profile=profile() if name == "color" else None)
        end = data.index(b"IEND") - 4
        hidden = chunk(b"tIME", bytes(7)) + chunk(b"prVt", (MARK + "private").encode())
        yield f"{name}.png", data[:end] + hidden + data[end:] + (MARK + "behind").encode()
    only = PngImagePlugin.PngInfo()
    only.add_itxt("XML:com.adobe.xmp", xmp(6).decode())
    yield "xmp-turned.png", save(color, "PNG", pnginfo=only)
    for name, image in (("color", color), ("grey", grey), ("cmyk", color.convert("CMYK"))):
        data = save(image, "JPEG", exif=exif(8), comment=MARK + "comment", xmp=xmp(), quality=90,
                    icc_profile=profile() if name == "color" else None, progressive=name == "grey")
        yield f"{name}.jpg", data + (MARK + "behind").encode()
    yield "xmp-turned.jpg", save(color, "JPEG", xmp=xmp(3))
    for name, options in (("lossy", {}), ("lossless", {"lossless": True})):
        data = save(color, "WEBP", exif=exif(6), xmp=xmp(), icc_profile=profile(), **options)
        yield f"{name}.webp", data + (MARK + "behind").encode()
    yield "alpha.webp", save(clear, "WEBP", exif=exif(6), xmp=xmp())
    yield "moving.webp", save(color, "WEBP", save_all=True, append_images=[color.rotate(90)], exif=exif(6), xmp=xmp())


def found(data):
    bodies = [data]
    for hit in re.finditer(rb"x[\x01\x5e\x9c\xda]", data):
        try:
            bodies.append(zlib.decompressobj().decompress(data[hit.start():]))
        except zlib.error:
            pass
    marks = (MARK.encode(), MARK.encode("utf-16-be"), MARK.encode("utf-16-le"), b"QZX7")
    return any(mark in body for body in bodies for mark in marks)


def upright(data):
    image = Image.open(io.BytesIO(data))
    return numpy.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def converted(data):
    """The picture in Lab, through its own profile."""
    image = Image.open(io.BytesIO(data))
    if not image.info.get("icc_profile") or image.mode != "RGB":
        return None
    source = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    return numpy.asarray(ImageCms.profileToProfile(image, source, ImageCms.createProfile("LAB"), outputMode="LAB"))


def main():
    wrong = count = 0
    with tempfile.TemporaryDirectory() as folder:
        pictures = dict(inputs())
        paths = [os.path.join(folder, name) for name in pictures]
        for path, data in zip(paths, pictures.values()):
            with open(path, "wb") as file:
                file.write(data)
        said = []
        answers = deidentify(sys.argv[1], [], paths, os.path.join(folder, "copies"), said=said)
        if MARK in "".join(said):
            print("a mark is in what the program printed")
            wrong += 1
        for (name, data), answer in zip(pictures.items(), answers):
            if answer.copy is None:
                print(f"{name}: {answer.outcome}: {answer.reason}")
                wrong += 1
                continue
            result = open(answer.copy, "rb").read()
            # An orientation in XMP only is one that Pillow does not heed in every format.
            stated = data if "xmp-turned" not in name else None
            problems = []
            if not (found(data) or "xmp-turned" in name):
                problems.append("the search does not see the marks")
            if found(result):
                problems.append("a mark is left")
            if stated is not None and not numpy.array_equal(upright(data), upright(result)):
                problems.append("other pixels or orientation")
            if stated is None:
                turn = Image.open(io.BytesIO(result)).getexif().get(0x0112)
                if turn != (6 if name.endswith("png") else 3):
                    problems.append(f"orientation {turn}")
            before, after = converted(data), converted(result)
            if (before is None) != (after is None) or (before is not None and not numpy.array_equal(before, after)):
                problems.append("the colour profile converts otherwise")
            count += 1
            wrong += bool(problems)
            if problems:
                print(f"{name}: {'; '.join(problems)}")
    print(f"{count} pictures, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
