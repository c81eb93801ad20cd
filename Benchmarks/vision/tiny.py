"""tiny.py REAL OUTPUT: a model of random weights with the real one's tokenizer: CLIP's tower of two
layers and 16 tokens an image, a Llama of two layers, bf16."""
import json
import pathlib
import shutil
import sys

import torch
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

real, output = map(pathlib.Path, sys.argv[1:])
sizes = json.load(open(real / "config.json"))
torch.manual_seed(0)
LlavaForConditionalGeneration(LlavaConfig(
    vision_config=CLIPVisionConfig(
        hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
        image_size=56, patch_size=14, dtype="bfloat16"),
    text_config=LlamaConfig(
        hidden_size=64, intermediate_size=192, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=sizes["image_token_index"] + 1,
        max_position_embeddings=2048, tie_word_embeddings=True, bos_token_id=None,
        eos_token_id=None, dtype="bfloat16"),
    image_token_index=sizes["image_token_index"], image_seq_length=16, vision_feature_layer=-1,
    vision_feature_select_strategy="default", tie_word_embeddings=True,
)).to(torch.bfloat16).save_pretrained(output)
for name in ("chat_template.jinja", "tokenizer.json", "tokenizer_config.json"):
    shutil.copy(real / name, output)
processor = json.load(open(real / "preprocessor_config.json"))
processor |= {"size": {"shortest_edge": 64}, "crop_size": {"height": 56, "width": 56}}
json.dump(processor, open(output / "preprocessor_config.json", "w"))
