"""trl_grpo.py MODEL RECORDS STEPS DTYPE LENGTH: TRL's GRPOTrainer on images, a line of JSON."""
import json
import sys
import tempfile

import peer
from datasets import Dataset
from datasets import Image as ImageColumn
from trl import GRPOConfig, GRPOTrainer

folder, path, steps, dtype = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
model, processor = peer.load(folder, dtype)
data = Dataset.from_list([
    {"prompt": peer.question(row), "answer": row["answer"], "images": row["images"]}
    for row in peer.records(path)]).cast_column("images", [ImageColumn(mode="RGB")])


def correctness(completions, answer, **_):
    return [float(gold in completion[0]["content"].lower())
            for completion, gold in zip(completions, answer)]


clock = peer.Clock()
trainer = GRPOTrainer(
    model, reward_funcs=[correctness], processing_class=processor, train_dataset=data,
    peft_config=peer.adapter(), callbacks=[clock], args=GRPOConfig(
        output_dir=tempfile.mkdtemp(), max_steps=steps, num_generations=8, beta=0.04,
        max_completion_length=int(sys.argv[5]), learning_rate=1e-5, use_vllm=False,
        shuffle_dataset=False, **peer.settings(dtype)))
trainer.train()
log = [row for row in trainer.state.log_history if "completions/mean_length" in row]
print(json.dumps(clock.steps | {
    "length": [row["completions/mean_length"] for row in log],
    "tokens": int(log[-1]["num_tokens"]), "peak": peer.peak_bytes()}))
