"""A small model that sees, and pictures for it: nothing is fetched, nothing has been learnt."""

import json
import random
import struct
import subprocess
import zlib

from server import LAUNCHER, ROOT

FIXTURE = ROOT / "Tests" / "Fixtures" / "vision" / "llava-clip"
PREFIX = "model.vision_tower."


def composed(folder):
    """The default model behind the fixtures' tiny tower; the projector between them is new."""
    subprocess.run(
        [str(LAUNCHER), "compose", "--tower", str(_tower(folder / "tower")), "--output",
         str(folder / "model")], check=True, capture_output=True, timeout=300)
    return folder / "model"


def _tower(folder):
    """A Hugging Face folder of CLIP for 16 x 16 pixels, with weights by chance."""
    folder.mkdir()
    config = json.loads((FIXTURE / "config.json").read_text())["vision_config"]
    side = config["image_size"]
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "preprocessor_config.json").write_text(json.dumps({
        "image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": side},
        "crop_size": {"height": side, "width": side}}))
    shapes = json.loads((FIXTURE / "weights.json").read_text())
    chance = random.Random(5)
    tensors = {name.removeprefix(PREFIX): (shape, _values(name, shape, chance))
               for name, shape in sorted(shapes.items()) if name.startswith(PREFIX)}
    (folder / "model.safetensors").write_bytes(_safetensors(tensors))
    return folder


def _values(name, shape, chance):
    count = 1
    for size in shape:
        count *= size
    if "norm" in name and name.endswith("weight"):
        return [1.0] * count
    return [chance.uniform(-0.5, 0.5) for _ in range(count)]


def _safetensors(tensors):
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        start = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def picture(number, width=480, height=360):
    """PNG of a bright disc on a slope of grey, elsewhere for each number."""
    x0, y0 = 120 + 90 * (number % 3), 110 + 60 * (number % 2)
    rows = b"".join(
        b"\0" + bytes(230 if (x - x0) ** 2 + (y - y0) ** 2 < 2500 else 30 + 60 * y // height
                      for x in range(width))
        for y in range(height))

    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))
