"""Writes a folder of the size of LLaVA-1.5-7B or Qwen2.5-VL-3B, to see that it loads within memory.

    python3 Scripts/reference/full_size.py llava-1.5-7b|qwen2.5-vl-3b FOLDER [--dense] [--beside FILES]
    FULL_SIZE_MODEL=FOLDER make test          # FullSizeTests loads it and reads an image

config.json is the real one's; the weights, bf16 under the names of the real checkpoint and in shards of 5 GB, are
random at the start of each tensor and holes behind: a file takes a few megabytes of the disk. `--dense` leaves no
holes: every tensor is cut from one pool of random numbers, at a random place. `--beside` copies the other files of a
folder (tokenizer, templates, preprocessor), so that the program reads the whole as a model. Standard library only.
"""

import argparse
import json
import os
import random
import shutil
import struct

RANDOM_BYTES = 1 << 16
POOL_BYTES = 1 << 24
SHARD = 5_000_000_000

LLAVA = {
    "architectures": ["LlavaForConditionalGeneration"], "image_token_index": 32000, "model_type": "llava",
    "projector_hidden_act": "gelu", "vision_feature_layer": -2, "vision_feature_select_strategy": "default",
    "text_config": {"model_type": "llama", "max_position_embeddings": 4096, "rms_norm_eps": 1e-5, "vocab_size": 32064},
    "vision_config": {
        "hidden_size": 1024, "image_size": 336, "intermediate_size": 4096, "model_type": "clip_vision_model",
        "num_attention_heads": 16, "num_hidden_layers": 24, "patch_size": 14, "projection_dim": 768},
}
QWEN = {
    "architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl", "hidden_act": "silu",
    "hidden_size": 2048, "intermediate_size": 11008, "max_position_embeddings": 128000, "num_attention_heads": 16,
    "num_hidden_layers": 36, "num_key_value_heads": 2, "rms_norm_eps": 1e-6, "rope_theta": 1000000.0,
    "image_token_id": 151655, "tie_word_embeddings": True, "use_sliding_window": False, "vocab_size": 151936,
    "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
    "vision_config": {
        "depth": 32, "hidden_act": "silu", "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
        "in_chans": 3, "out_hidden_size": 2048, "patch_size": 14, "spatial_merge_size": 2, "window_size": 112,
        "fullatt_block_indexes": [7, 15, 23, 31], "temporal_patch_size": 2},
}


def linear(name, outputs, inputs, bias):
    return {f"{name}.weight": [outputs, inputs]} | ({f"{name}.bias": [outputs]} if bias else {})


def decoder(root, vocabulary, hidden, inner, layers, shared, biased):
    """`shared`: outputs of k and of v; `biased`: whether q, k and v have biases."""
    shapes = {f"{root}.embed_tokens.weight": [vocabulary, hidden], f"{root}.norm.weight": [hidden]}
    for layer in range(layers):
        place = f"{root}.layers.{layer}"
        for name, outputs in (("q", hidden), ("k", shared), ("v", shared)):
            shapes |= linear(f"{place}.self_attn.{name}_proj", outputs, hidden, biased)
        shapes |= linear(f"{place}.self_attn.o_proj", hidden, hidden, False)
        shapes |= linear(f"{place}.mlp.gate_proj", inner, hidden, False)
        shapes |= linear(f"{place}.mlp.up_proj", inner, hidden, False)
        shapes |= linear(f"{place}.mlp.down_proj", hidden, inner, False)
        shapes |= {f"{place}.{norm}.weight": [hidden] for norm in ("input_layernorm", "post_attention_layernorm")}
    return shapes


def norm(name, size):
    return {f"{name}.weight": [size], f"{name}.bias": [size]}


def llava():
    shapes = decoder("language_model.model", 32064, 4096, 11008, 32, 4096, False)
    shapes["language_model.lm_head.weight"] = [32064, 4096]
    shapes |= linear("multi_modal_projector.linear_1", 4096, 1024, True)
    shapes |= linear("multi_modal_projector.linear_2", 4096, 4096, True)
    root = "vision_tower.vision_model"
    shapes |= {f"{root}.embeddings.class_embedding": [1024], f"{root}.embeddings.position_embedding.weight": [577, 1024],
               f"{root}.embeddings.patch_embedding.weight": [1024, 3, 14, 14]}
    shapes |= norm(f"{root}.pre_layrnorm", 1024) | norm(f"{root}.post_layernorm", 1024)
    for layer in range(24):
        place = f"{root}.encoder.layers.{layer}"
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            shapes |= linear(f"{place}.self_attn.{name}", 1024, 1024, True)
        shapes |= linear(f"{place}.mlp.fc1", 4096, 1024, True) | linear(f"{place}.mlp.fc2", 1024, 4096, True)
        shapes |= norm(f"{place}.layer_norm1", 1024) | norm(f"{place}.layer_norm2", 1024)
    return LLAVA, shapes


def qwen():
    shapes = decoder("model", 151936, 2048, 11008, 36, 256, True)
    shapes["visual.patch_embed.proj.weight"] = [1280, 3, 2, 14, 14]
    shapes["visual.merger.ln_q.weight"] = [1280]
    shapes |= linear("visual.merger.mlp.0", 5120, 5120, True) | linear("visual.merger.mlp.2", 2048, 5120, True)
    for layer in range(32):
        place = f"visual.blocks.{layer}"
        shapes |= linear(f"{place}.attn.qkv", 3840, 1280, True) | linear(f"{place}.attn.proj", 1280, 1280, True)
        shapes |= linear(f"{place}.mlp.gate_proj", 3420, 1280, True) | linear(f"{place}.mlp.up_proj", 3420, 1280, True)
        shapes |= linear(f"{place}.mlp.down_proj", 1280, 3420, True)
        shapes |= {f"{place}.norm1.weight": [1280], f"{place}.norm2.weight": [1280]}
    return QWEN, shapes


def size_of(shape):
    count = 2
    for length in shape:
        count *= length
    return count


def numbers(count, generator):
    """So many bf16 about 0, cut off from f32."""
    values = (struct.unpack("<I", struct.pack("<f", generator.gauss(0, 0.02)))[0] >> 16 for _ in range(count))
    return struct.pack(f"<{count}H", *values)


class Holes:
    """Up to 64 KiB of every tensor: ones for norms, small numbers for the rest."""

    def __init__(self, generator):
        self.generator = generator

    def parts(self, name, size):
        count = min(size, RANDOM_BYTES) // 2
        ones = "norm" in name and name.endswith("weight")
        yield struct.pack("<H", 0x3F80) * count if ones else numbers(count, self.generator)


class Dense(Holes):
    """Every byte of every tensor."""

    def __init__(self, generator):
        super().__init__(generator)
        self.pool = numbers(POOL_BYTES // 2, generator)

    def parts(self, name, size):
        if size <= RANDOM_BYTES:
            yield from super().parts(name, size)
            return
        while size:
            start = 2 * self.generator.randrange(POOL_BYTES // 2)
            part = self.pool[start:start + size]
            yield part
            size -= len(part)


def shards_of(shapes):
    shards, size = [{}], 0
    for name, shape in shapes.items():
        if size + size_of(shape) > SHARD and shards[-1]:
            shards.append({})
            size = 0
        shards[-1][name] = shape
        size += size_of(shape)
    return shards


def write_shard(path, shapes, weights):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shapes.items():
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size_of(shape)]}
        offset += size_of(shape)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        start = file.tell()
        file.truncate(start + offset)
        for name, shape in shapes.items():
            file.seek(start + header[name]["data_offsets"][0])
            file.writelines(weights.parts(name, size_of(shape)))


def copy_files(source, folder):
    for name in os.listdir(source) if source else []:
        if name != "config.json":
            shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=["llava-1.5-7b", "qwen2.5-vl-3b"])
    parser.add_argument("folder")
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--beside", default="")
    options = parser.parse_args()
    config, shapes = llava() if options.model.startswith("llava") else qwen()
    os.makedirs(options.folder, exist_ok=True)
    copy_files(options.beside, options.folder)
    weights = (Dense if options.dense else Holes)(random.Random(0))
    shards, places = shards_of(shapes), {}
    for index, shard in enumerate(shards):
        name = f"model-{index + 1:05}-of-{len(shards):05}.safetensors"
        write_shard(os.path.join(options.folder, name), shard, weights)
        places |= {tensor: name for tensor in shard}
    total = sum(map(size_of, shapes.values()))
    for name, value in (("config.json", config), ("model.safetensors.index.json",
                        {"metadata": {"total_size": total}, "weight_map": places})):
        with open(os.path.join(options.folder, name), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
    print(f"{options.folder}: {len(shapes)} tensors, {total / 1e9:.1f} GB in {len(shards)} files")


if __name__ == "__main__":
    main()
