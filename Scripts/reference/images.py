"""Tests/Fixtures/images: pictures of every kind, and what Pillow and transformers make of them.

    images.py --output Tests/Fixtures/images [--shared ../shared/data/tokenizers] [--fast]

Pictures are made from seeds. `expected.json` holds, for each: size and checksum of the pixels of
transformers' load_image; of Pillow's resize for a list of sizes; of four image processors (PIL
backend), with values at fixed places. With --shared, LLaVA's and Qwen2.5-VL's own settings and
the photographs there too. A checksum is the CRC-32 of the bytes (of f32, little endian).
--fast prints how far the torchvision backend lies from that, and writes nothing.
"""

import argparse
import json
import os
import struct
import zlib

import numpy as np
import PIL
import transformers
from PIL import Image, PngImagePlugin
from transformers import AutoImageProcessor
from transformers.image_utils import load_image

CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
RESCALE = 0.00392156862745098
COMMON = {"do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
          "resample": 3, "rescale_factor": RESCALE}
# As in the models' own preprocessor_config.json.
PROCESSORS = {
    "llava": {
        **COMMON, "image_processor_type": "CLIPImageProcessor", "do_center_crop": True,
        "crop_size": {"height": 336, "width": 336}, "size": {"shortest_edge": 336},
        "image_mean": CLIP_MEAN, "image_std": CLIP_STD},
    "dinov2": {
        **COMMON, "image_processor_type": "BitImageProcessor", "do_center_crop": True,
        "crop_size": {"height": 224, "width": 224}, "size": {"shortest_edge": 256},
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    "siglip": {
        **COMMON, "image_processor_type": "SiglipImageProcessor",
        "size": {"height": 224, "width": 224}, "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5]},
    "qwen2.5-vl": {
        "image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 3136,
        "max_pixels": 12845056, "patch_size": 14, "temporal_patch_size": 2, "merge_size": 2,
        "image_mean": CLIP_MEAN, "image_std": CLIP_STD},
    # Odd ones: an image smaller than its crop, LLaVA's padding, few pixels, other filters.
    "crop-larger": {
        **COMMON, "image_processor_type": "CLIPImageProcessor", "do_center_crop": True,
        "crop_size": {"height": 61, "width": 90}, "size": {"shortest_edge": 40}, "resample": 2,
        "image_mean": CLIP_MEAN, "image_std": CLIP_STD},
    "llava-padded": {
        **COMMON, "image_processor_type": "LlavaImageProcessor", "do_center_crop": True,
        "do_pad": True, "crop_size": {"height": 56, "width": 56}, "size": {"shortest_edge": 56},
        "image_mean": CLIP_MEAN, "image_std": CLIP_STD},
    "longest": {
        **COMMON, "image_processor_type": "CLIPImageProcessor", "do_center_crop": False,
        "size": {"shortest_edge": 80, "longest_edge": 120}, "image_mean": CLIP_MEAN,
        "image_std": CLIP_STD, "do_normalize": False},
    "qwen2-vl-few": {
        "image_processor_type": "Qwen2VLImageProcessor", "patch_size": 14,
        "temporal_patch_size": 2, "merge_size": 2, "image_mean": CLIP_MEAN,
        "image_std": CLIP_STD, "size": {"shortest_edge": 4096, "longest_edge": 16384}},
}
SIZES = [(224, 224), (61, 47), (1, 1), (7, 300), (300, 5), (30, 47), (61, 90), (122, 94), (13, 11)]
PROBES = 7


def scene(width, height, channels=3, seed=0):
    """Soft colours, hard edges and noise: [height, width, channels]."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 120 * np.sin(x / (5 + 3 * c) + c) * np.cos(y / (7 + 2 * c)) for c in range(channels)]
    image = np.stack(planes, -1)
    image[height // 3:height // 2, width // 4:width // 2] = 255
    image[height // 2:, :width // 6] = 0
    image += random.integers(-12, 13, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def interlaced_png(array):
    """Adam7, which Pillow reads and does not write."""
    height, width, _ = array.shape
    rows = b""
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                           (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = array[y0::dy, x0::dx]
        if part.size:
            rows += b"".join(b"\0" + row.tobytes() for row in part)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def deep_png(array, kind):
    """16 bits a channel."""
    height, width = array.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


def raw_profile(data):
    lines = "\nexif\n" + f"{len(data):8d}\n" + data.hex() + "\n"
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type exif", lines, zip=True)
    return info


def xmp(orientation):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", f'<x tiff:Orientation="{orientation}"/>', zip=True)
    return info


def make(folder):
    def save(name, image, **options):
        image.save(os.path.join(folder, name), **options)

    def write(name, data):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)

    colour = Image.fromarray(scene(61, 47))
    save("colour.png", colour, optimize=True)
    save("colour.jpg", colour, quality=80)
    save("progressive.jpg", colour, quality=80, progressive=True, subsampling=0)
    save("rotated.jpg", colour, quality=70, exif=exif(6))
    save("rotated.png", Image.fromarray(scene(23, 17, seed=1)), exif=exif(8))
    save("rotated-profile.png", Image.fromarray(scene(9, 7, seed=2)), pnginfo=raw_profile(exif(3)))
    save("rotated-xmp.png", Image.fromarray(scene(9, 7, seed=3)), pnginfo=xmp(5))
    save("rotated.webp", Image.fromarray(scene(23, 17, seed=4)), exif=exif(7), lossless=True)
    grey = Image.fromarray(scene(61, 47, 1, seed=5)[..., 0])
    save("grey.png", grey, optimize=True)
    save("grey.jpg", grey, quality=80)
    palette = colour.quantize(19)
    save("palette.png", palette, optimize=True, transparency=bytes(range(0, 190, 10)), bits=8)
    save("palette-4.png", colour.quantize(13), bits=4)
    save("bits-1.png", grey.convert("1"))
    cyan = Image.fromarray(scene(33, 29, 4, seed=6), "CMYK")
    save("cmyk.jpg", cyan, quality=80)
    save("alpha.png", Image.fromarray(scene(31, 37, 4, seed=7), "RGBA"), optimize=True)
    save("grey-alpha.png", Image.fromarray(scene(31, 37, 2, seed=8), "LA"), optimize=True)
    save("alpha.webp", Image.fromarray(scene(31, 37, 4, seed=9), "RGBA"), quality=60, exact=True)
    save("colour.webp", colour, quality=60)
    frames = [Image.fromarray(scene(20, 16, 4, seed=10 + i), "RGBA") for i in range(2)]
    save("animated.webp", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    deep = scene(21, 13, 3, seed=12).astype(np.uint16) * 257 + 3
    write("deep.png", deep_png(deep, 2))
    # Above and below 255, where Pillow cuts it off.
    write("deep-grey.png", deep_png(scene(21, 13, 1, seed=13)[..., 0].astype(np.uint16) * 2, 0))
    write("interlaced.png", interlaced_png(scene(19, 23, seed=14)))
    save("pixel.png", Image.fromarray(np.array([[[200, 30, 90]]], np.uint8)))
    save("wide.png", Image.fromarray(scene(700, 4, seed=15)), optimize=True)
    save("tall.png", Image.fromarray(scene(3, 400, seed=16)), optimize=True)
    save("line.png", Image.fromarray(scene(900, 2, 1, seed=17)[..., 0]), optimize=True)
    for name, settings in PROCESSORS.items():
        path = os.path.join(folder, "processors", name)
        os.makedirs(path, exist_ok=True)
        with open(os.path.join(path, "preprocessor_config.json"), "w") as file:
            json.dump(settings, file, indent=1)


def summary(values):
    values = np.ascontiguousarray(values, dtype="<f4")
    flat = values.reshape(-1)
    places = np.linspace(0, flat.size - 1, PROBES).astype(int)
    return {"shape": list(values.shape), "crc": zlib.crc32(values.tobytes()),
            "probes": [float(f"{flat[i]:.7g}") for i in places]}


def run(processor, image):
    try:
        output = processor(images=image, return_tensors="np")
    except ValueError as error:
        return {"refused": "aspect ratio" in str(error)}
    values = output["pixel_values"]
    if "image_grid_thw" in output:
        return {**summary(values), "grid": [int(n) for n in output["image_grid_thw"][0]]}
    return summary(values[0])


def expected(folder, shared):
    processors = {name: AutoImageProcessor.from_pretrained(
        os.path.join(folder, "processors", name), backend="pil") for name in PROCESSORS}
    files = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith((".png", ".jpg", ".webp")):
            image = load_image(os.path.join(folder, name))
            files[name] = {
                "size": list(image.size), "crc": zlib.crc32(image.tobytes()),
                "processors": {key: run(value, image) for key, value in processors.items()}}
    resizes = []
    for name in ["colour.png", "pixel.png", "wide.png", "tall.png"]:
        image = load_image(os.path.join(folder, name))
        for size in SIZES:
            for filter in (2, 3):
                result = image.resize(size, resample=filter)
                resizes.append({"file": name, "size": list(size), "filter": filter,
                                "crc": zlib.crc32(result.tobytes())})
    turned = {}
    with open(os.path.join(folder, "rotated.jpg"), "rb") as file:
        data = file.read()
    for value in range(10):
        path = os.path.join(folder, "turned.jpg")
        with open(path, "wb") as file:
            file.write(data.replace(b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06",
                                    b"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes([value])))
        image = load_image(path)
        turned[str(value)] = {"size": list(image.size), "crc": zlib.crc32(image.tobytes())}
        os.remove(path)
    result = {"made_with": f"Pillow {PIL.__version__}, transformers {transformers.__version__}",
              "files": files, "resizes": resizes, "orientations": turned}
    if shared:
        photographs = os.path.join(shared, "qwen2.5vl-ort")
        result["shared"] = {}
        for name in ["australia.jpg", "standard_s.jpg"]:
            image = load_image(os.path.join(photographs, name))
            result["shared"][name] = {
                "size": list(image.size), "crc": zlib.crc32(image.tobytes()),
                "processors": {key: run(AutoImageProcessor.from_pretrained(
                    os.path.join(shared, key), backend="pil"), image)
                    for key in ["llava-1.5-7b-hf", "qwen2.5-vl"]}}
    return result


def compare_fast(folder):
    for name in PROCESSORS:
        path = os.path.join(folder, "processors", name)
        slow = AutoImageProcessor.from_pretrained(path, backend="pil")
        fast = AutoImageProcessor.from_pretrained(path, backend="torchvision")
        for picture in ["colour.png", "grey.png", "pixel.png", "wide.png"]:
            image = load_image(os.path.join(folder, picture))
            try:
                a, b = (np.asarray(p(images=image, return_tensors="np")["pixel_values"])
                        for p in (slow, fast))
            except ValueError:
                continue
            far = np.abs(a - b)
            print(f"{name:14} {picture:12} max {far.max():.2e} mean {far.mean():.1e}"
                  f" share over 1e-4 {np.mean(far > 1e-4):.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    parser.add_argument("--shared")
    parser.add_argument("--fast", action="store_true")
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    if arguments.fast:
        compare_fast(arguments.output)
        return
    make(arguments.output)
    with open(os.path.join(arguments.output, "expected.json"), "w") as file:
        json.dump(expected(arguments.output, arguments.shared), file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
