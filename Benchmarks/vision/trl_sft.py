"""trl_sft.py MODEL RECORDS STEPS DTYPE: TRL's SFTTrainer on images, a line of JSON."""
import json
import sys
import tempfile

import peer
from datasets import Dataset
from datasets import Image as ImageColumn
from trl import SFTConfig, SFTTrainer

folder, path, steps, dtype = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
model, processor = peer.load(folder, dtype)
rows = peer.records(path)
data = Dataset.from_list([
    {"prompt": peer.question(row), "completion": row["completion"], "images": row["images"]}
    for row in rows]).cast_column("images", [ImageColumn(mode="RGB")])
clock = peer.Clock()
trainer = SFTTrainer(
    model, processing_class=processor, train_dataset=data, peft_config=peer.adapter(),
    callbacks=[clock], args=SFTConfig(
        output_dir=tempfile.mkdtemp(), max_steps=steps, learning_rate=2e-4, max_length=None,
        shuffle_dataset=False, **peer.settings(dtype)))
trainer.train()
log = [row for row in trainer.state.log_history if "loss" in row]
print(json.dumps(clock.steps | {
    "tokens": int(log[-1]["num_tokens"]), "peak": peer.peak_bytes(),
    "loss": [row["loss"] for row in log]}))
