"""prefill.py PRECEPTOR MODEL RECORDS DTYPE THREADS: the same through `preceptor engine`, from the request to
the end of the reply of one token."""
import json
import resource
import subprocess
import sys
import time

program, model, path, dtype, threads = sys.argv[1:]
rows = [json.loads(line) for line in open(path, encoding="utf-8")]
engine = subprocess.Popen(
    [program, "engine", "--model", model, "--dtype", dtype, "--threads", threads],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
if not json.loads(engine.stdout.readline())["images"]:
    sys.exit("prefill: the engine reads no images")
seconds = []
for number, row in enumerate(rows):
    text = row["prompt"][0]["content"].removeprefix("<image>\n")
    request = {
        "id": number, "op": "sample", "prompt": [{"role": "user", "content": text}],
        "images": [{"path": image} for image in row["images"]], "seed": 0, "temperature": 0,
        "topP": 1, "topK": 0, "repetitionPenalty": 1, "maxTokens": 1, "count": 1}
    start = time.perf_counter()
    engine.stdin.write(json.dumps(request) + "\n")
    engine.stdin.flush()
    event = None
    while event != "done":
        reply = json.loads(engine.stdout.readline())
        event = reply["event"]
        if event == "error":
            sys.exit(f"prefill: {reply['message']}")
    seconds.append(time.perf_counter() - start)
engine.stdin.close()
engine.wait()
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "peak": peak}))
