"""Makes Tests/Fixtures/formats, and checks with the Python libraries what this program wrote.

    python Scripts/reference/formats.py make
    FORMATS_OUTPUT=.build/formats make test
    python Scripts/reference/formats.py check
"""

import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from huggingface_hub import save_torch_state_dict
from safetensors.torch import load_file, save_file

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "Tests/Fixtures/formats"
WRITTEN_BY_TESTS = ROOT / ".build/formats"

# Offsets of the binary16 scales in a block.
SCALES = {
    Type.Q4_0: [0],
    Type.Q4_1: [0, 2],
    Type.Q5_0: [0],
    Type.Q5_1: [0, 2],
    Type.Q8_0: [0],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
}


def random_blocks(random, kind, rows, columns):
    """Random bytes for rows of blocks, with finite scales, some of them subnormal or negative."""
    size, byte_count = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows * columns // size, byte_count), dtype=np.uint8)
    for offset in SCALES[kind]:
        scales = random.normal(0, 0.05, len(blocks)).astype(np.float16)
        scales[0] = np.float16(3e-6)
        blocks[:, offset : offset + 2] = scales.view(np.uint8).reshape(-1, 2)
    return blocks.reshape(rows, -1)


def special_floats(random):
    """Zeros, infinities, NaN, subnormals, ties of bfloat16 rounding; 3 x 37, no whole groups."""
    bits = [0, 0x80000000, 0x7F800000, 0xFF800000, 0x7F800001, 0xFFC12345, 1, 0x807FFFFF]
    bits += [0x3F808000, 0x3F818000, 0x3F807FFF, 0x3F808001, 0x7F7FFFFF, 0xFF7F8000]
    values = random.normal(0, 3, 111).astype(np.float32)
    values[: len(bits)] = np.array(bits, dtype=np.uint32).view(np.float32)
    return values.reshape(3, 37)


def stored_tensors():
    random = np.random.default_rng(20)
    tensors = {kind: random_blocks(random, kind, 3, 512) for kind in SCALES}
    halves = random.integers(0, 65536, (5, 33), dtype=np.uint16)
    halves[0, :8] = [0, 0x8000, 1, 0x03FF, 0x0400, 0x7C00, 0xFC00, 0x7E01]
    # Signalling NaNs do not survive conversions in numpy.
    halves = np.where((halves & 0x7C00) == 0x7C00, halves & 0xFC00, halves).astype(np.uint16)
    tensors[Type.F16] = halves.view(np.float16)
    tensors[Type.F32] = special_floats(random)
    tensors[Type.BF16] = gguf.quants.quantize(special_floats(random), Type.BF16)
    return tensors


def write_gguf(path, tensors):
    writer = gguf.GGUFWriter(path, "test")
    writer.add_custom_alignment(64)
    writer.add_uint8("test.uint8", 200)
    writer.add_int8("test.int8", -100)
    writer.add_uint16("test.uint16", 60000)
    writer.add_int16("test.int16", -30000)
    writer.add_uint32("test.uint32", 4000000000)
    writer.add_int32("test.int32", -2000000000)
    writer.add_uint64("test.uint64", 2**63)
    writer.add_int64("test.int64", -(2**62))
    writer.add_float32("test.float32", 0.5)
    writer.add_float64("test.float64", 0.1)
    writer.add_bool("test.bool", True)
    writer.add_string("test.string", "Fieber ≥ 38 °C")
    writer.add_array("test.strings", ["a", "", "ü"])
    writer.add_array("test.integers", [1, -2, 3])
    for kind, data in tensors.items():
        raw = None if kind in (Type.F16, Type.F32) else kind
        writer.add_tensor(kind.name, data, raw_dtype=raw)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def expected_values(tensors):
    expected = {}
    for kind, data in tensors.items():
        values = np.ascontiguousarray(gguf.quants.dequantize(data, kind), dtype=np.float32)
        rounded = gguf.quants.quantize(values, Type.BF16).view(np.int16)
        expected[kind.name] = torch.from_numpy(values)
        expected[kind.name + ".bf16"] = torch.from_numpy(rounded.reshape(values.shape))
    return expected


def reference_tensors():
    """One tensor of every type: ascending numbers, as the Swift tests build them."""
    kinds = {
        "bool": torch.bool, "u8": torch.uint8, "i8": torch.int8, "i16": torch.int16,
        "f16": torch.float16, "bf16": torch.bfloat16, "i32": torch.int32, "f32": torch.float32,
        "f64": torch.float64, "i64": torch.int64,
    }
    tensors = {f"weights.{name}": torch.tensor([[0, 1, 1]]).to(kind) for name, kind in kinds.items()}
    tensors["a \"quoted\"\\\n ü"] = torch.tensor([1.5])
    tensors["scalar"] = torch.tensor(2.5)
    tensors["empty"] = torch.zeros(0, 4)
    return tensors


def make():
    (FOLDER / "sharded").mkdir(parents=True, exist_ok=True)
    tensors = stored_tensors()
    write_gguf(FOLDER / "blocks.gguf", tensors)
    save_file(expected_values(tensors), FOLDER / "blocks-expected.safetensors")
    save_file(reference_tensors(), FOLDER / "reference.safetensors", {"format": "pt"})
    save_torch_state_dict(sharded_tensors(), FOLDER / "sharded", max_shard_size=40)


def sharded_tensors():
    return {name: torch.arange(4.0) + index for index, name in enumerate(["b", "c", "a", "d", "e"])}


def assert_equal(actual, expected):
    assert actual.keys() == expected.keys(), actual.keys() ^ expected.keys()
    for name, tensor in expected.items():
        assert actual[name].dtype == tensor.dtype and torch.equal(actual[name], tensor), name


def check(folder):
    assert_equal(load_file(folder / "reference.safetensors"), reference_tensors())
    index = json.loads((folder / "sharded" / "model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == 80
    tensors = {}
    for shard in sorted(set(index["weight_map"].values())):
        tensors |= load_file(folder / "sharded" / shard)
    assert_equal(tensors, sharded_tensors())
    print("ok")


if __name__ == "__main__":
    {"make": make, "check": lambda: check(WRITTEN_BY_TESTS)}[sys.argv[1]]()
