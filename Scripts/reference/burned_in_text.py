"""How often text within pixels is found: names and dates written onto real images.

    burned_in_text.py IMAGES PROGRAM [--each N] [--tesseract]

IMAGES is a folder with folders of pictures (../shared/data/findings), PROGRAM is ./preceptor.
Each picture is written as a DICOM file that says nothing of
text, once as it is and once with a line of text; found is what is held back. Prints Markdown: the
share found by size of the characters and by kind of image, the share of pictures held back
without added text (whether they hold text of their own, nobody has marked), and the share of the
text's pixels that --blank-text paints over. --tesseract adds what Debian's tesseract finds: a
word of three letters or digits with a confidence of 50.

Needs pydicom, numpy, pillow and the DejaVu fonts.
"""

import argparse
import collections
import os
import random
import subprocess
import sys
import tempfile

import numpy
from deidentification import deidentify
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

FONTS = ["DejaVuSans.ttf", "DejaVuSansMono.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf"]
SIZES = [8, 10, 12, 14, 18, 24, 32]
LINES = ["MUELLER^HANS 12.03.1961", "ID 4711-0815", "Smith, Jane F 54Y", "2019-11-30 14:22:07",
         "St. Mary Hospital", "DOB: 03/12/1961", "Acc: A1239987", "Dr. Rossi"]
FOLDER = "/usr/share/fonts/truetype/dejavu/"


def dicom(values, path):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = CTImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = generate_uid()
    data.Modality, data.PatientID = "CT", "4711"
    data.Rows, data.Columns = values.shape[:2]
    data.SamplesPerPixel = 1 if values.ndim == 2 else 3
    data.PhotometricInterpretation = "MONOCHROME2" if values.ndim == 2 else "RGB"
    if values.ndim == 3:
        data.PlanarConfiguration = 0
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.PixelData = values.tobytes() + b"\0" * (values.size % 2)
    data.save_as(path, enforce_file_format=True)


def with_text(values, line, size, seed):
    """The picture with a line of text, and where the text is."""
    random.seed(seed)
    image = Image.fromarray(values)
    draw, mask = ImageDraw.Draw(image), Image.new("L", image.size)
    # Machines write both smooth and hard letters.
    smooth = random.random() < 0.5
    draw.fontmode = "L" if smooth else "1"
    pen = ImageDraw.Draw(mask)
    pen.fontmode = draw.fontmode
    font = ImageFont.truetype(FOLDER + random.choice(FONTS), size)
    left, top, right, bottom = draw.textbbox((0, 0), line, font=font)
    place = (random.randint(0, max(0, image.width - right)), random.choice(
        [2, image.height - bottom - 2, random.randint(0, max(0, image.height - bottom))]))
    shade = random.choice([255, 230, 200])
    color = shade if values.ndim == 2 else random.choice([(shade,) * 3, (255, 255, 0), (0, 255, 255)])
    draw.text(place, line, fill=color, font=font)
    pen.text(place, line, fill=255, font=font)
    return numpy.asarray(image), numpy.asarray(mask) > 127


def tesseract_finds(values, folder):
    path = os.path.join(folder, "page.png")
    Image.fromarray(values).save(path)
    table = subprocess.run(["tesseract", path, "-", "--psm", "11", "tsv"], capture_output=True, text=True).stdout
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and float(cells[10]) >= 50 and sum(c.isalnum() for c in cells[11]) >= 3:
            return True
    return False


def percent(part, whole):
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "-"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("images")
    parser.add_argument("program")
    parser.add_argument("--each", type=int, default=60)
    parser.add_argument("--tesseract", action="store_true")
    options = parser.parse_args()
    counts = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        work, kinds = [], sorted(entry.name for entry in os.scandir(options.images) if entry.is_dir())
        for kind in kinds:
            names = sorted(os.listdir(os.path.join(options.images, kind)))
            random.seed(kind)
            for index, name in enumerate(random.sample(names, min(options.each, len(names)))):
                image = Image.open(os.path.join(options.images, kind, name))
                values = numpy.asarray(image.convert("L" if kind != "skin-lesion" else "RGB"))
                work.append((kind, 0, values, None))
                size = SIZES[index % len(SIZES)]
                line = LINES[index % len(LINES)]
                written, mask = with_text(values, line, size, f"{kind}{index}")
                work.append((kind, size, written, mask))
        paths = []
        for index, (_, _, values, _) in enumerate(work):
            path = os.path.join(folder, f"{index}.dcm")
            dicom(values, path)
            paths.append(path)
        found = deidentify(options.program, [], paths, os.path.join(folder, "held"))
        painted = deidentify(options.program, ["blank-text"], paths, os.path.join(folder, "painted"))
        for (kind, size, values, mask), answer, (_, _, copy) in zip(work, found, painted):
            hit = answer.outcome == "held back"
            counts[kind, size > 0, "all"] += 1
            counts[kind, size > 0, "found"] += hit
            counts[size, "all"] += 1
            counts[size, "found"] += hit
            if options.tesseract:
                counts[size, "tesseract"] += tesseract_finds(values, folder)
            if size and copy:
                from pydicom import dcmread
                changed = dcmread(copy).pixel_array != values
                changed = changed.any(axis=2) if changed.ndim == 3 else changed
                counts[size, "text"] += int(mask.sum())
                counts[size, "painted"] += int((changed & mask).sum())
    head = "| characters (points) | found |" + (" tesseract |" if options.tesseract else "") + " text painted over |"
    print(head)
    print("|" + "---|" * (head.count("|") - 1))
    for size in SIZES:
        row = f"| {size} | {percent(counts[size, 'found'], counts[size, 'all'])} |"
        if options.tesseract:
            row += f" {percent(counts[size, 'tesseract'], counts[size, 'all'])} |"
        print(row + f" {100 * counts[size, 'painted'] / max(1, counts[size, 'text']):.1f} % |")
    print("\n| images | with text: held back | without: held back |\n|---|---|---|")
    for kind in kinds:
        print(f"| {kind} | {percent(counts[kind, True, 'found'], counts[kind, True, 'all'])} "
              f"| {percent(counts[kind, False, 'found'], counts[kind, False, 'all'])} |")
    if options.tesseract:
        print(f"\nTesseract, without text: {percent(counts[0, 'tesseract'], counts[0, 'all'])}")


if __name__ == "__main__":
    sys.exit(main())
