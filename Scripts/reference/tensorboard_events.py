"""TensorBoard's own encoder and reader, to check ours against.

    pip install tensorboard
    python Scripts/reference/tensorboard_events.py            writes Tests/Fixtures/tracking
    python Scripts/reference/tensorboard_events.py FOLDER     prints what TensorBoard reads there
"""

import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

TIME = 1700000000.25


def events():
    yield Event(wall_time=TIME, file_version="brain.Event:2")
    yield Event(wall_time=TIME, step=3, session_log=SessionLog(status=SessionLog.START))
    loss = Summary.Value(tag="train/loss", simple_value=1.1)
    other = Summary.Value(tag="train/peak_memory_bytes", simple_value=2147483648)
    yield Event(wall_time=TIME + 1, step=3, summary=Summary(value=[loss, other]))
    odd = Summary.Value(tag="eval/loss", simple_value=float("inf"))
    yield Event(wall_time=TIME + 2, step=300, summary=Summary(value=[odd]))
    text = Summary.Value(tag="recipe")
    text.metadata.plugin_data.plugin_name = "text"
    text.tensor.dtype = 7
    text.tensor.tensor_shape.dim.add(size=1)
    text.tensor.string_val.append("model: **smollm2** – é".encode())
    yield Event(wall_time=TIME + 3, summary=Summary(value=[text]))


def write():
    path = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/tracking/events.tfevents"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        writer = RecordWriter(file)
        for event in events():
            writer.write(event.SerializeToString(deterministic=True))
        writer.flush()


def read(folder):
    accumulator = EventAccumulator(folder)
    accumulator.Reload()
    tags = accumulator.Tags()
    for tag in tags["scalars"]:
        for event in accumulator.Scalars(tag):
            print(tag, event.step, event.wall_time, event.value)
    for tag in tags["tensors"]:
        for event in accumulator.Tensors(tag):
            print(tag, event.step, event.tensor_proto.string_val[0].decode())


if len(sys.argv) > 1:
    read(sys.argv[1])
else:
    write()
