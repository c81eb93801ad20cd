"""Cases for the tests, and states with answers that no model had to write."""

import hashlib
import json

STAMP = "2026-01-01T00:00:00.000Z"

CASES = [
    ("pericarditis", "A 23-year-old man has sharp chest pain that eases when he leans forward. "
     "A friction rub is heard and the ECG shows diffuse ST elevation.",
     ["Pneumothorax", "Acute pericarditis", "Oesophageal spasm"], "B"),
    ("appendicitis", "A 19-year-old woman has had pain that moved from the navel to the right "
     "lower abdomen, with nausea and rebound tenderness.",
     ["Acute appendicitis", "Renal colic", "Gastritis"], "A"),
    ("migraine", "A 31-year-old woman has a throbbing one-sided headache with nausea and cannot "
     "bear light.", ["Tension headache", "Sinusitis", "Migraine"], "C"),
    ("gout", "A 58-year-old man wakes with a red, hot, very painful big toe after a feast.",
     ["Gout", "Cellulitis", "Hallux valgus"], "A"),
    ("croup", "A 2-year-old boy has a barking cough and inspiratory stridor at night after a cold.",
     ["Asthma", "Croup", "Epiglottitis"], "B"),
]


def is_held_out(case_id):
    """The workbench's own rule: one case in five by a hash of the id."""
    return int(hashlib.sha256(case_id.encode()).hexdigest()[:8], 16) % 5 == 0


def case_id(stem, held_out):
    """An id that begins with `stem` and is held out or not, as wished."""
    return next(name for number in range(1000)
                if is_held_out(name := f"{stem}-{number}") == held_out)


def case_rows(held_out=("croup",)):
    """The cases as rows of an import."""
    return [{"id": case_id(stem, stem in held_out), "question": question,
             "options": dict(zip("ABC", options)), "answer": answer,
             "diagnosis": options["ABC".index(answer)]}
            for stem, question, options, answer in CASES]


def lines(rows):
    """JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def answered(exported, count, answers=2, held_out=0):
    """The state of a new workbench with `count` answered cases added, of which the first
    `held_out` are kept for evaluation.

    `exported` is the state file of the empty workbench, which knows the base version.
    """
    rows = [json.loads(line) for line in exported.splitlines()]
    base = next(row for row in rows if row["table"] == "version")
    cases, samplings, traces = [], [], []
    for number in range(1, count + 1):
        case = _case(number, number <= held_out)
        cases.append(case)
        samplings.append(_sampling(number, case, base["id"], answers))
        traces += [_trace(number, attempt, answers, base["id"])
                   for attempt in range(1, answers + 1)]
    position = next(i for i, row in enumerate(rows) if row["table"] == "version")
    return lines(rows[:position] + cases + rows[position:] + samplings + traces)


def _case(number, held_out):
    stem, question, options, answer = CASES[number % len(CASES)]
    return {
        "table": "case", "id": case_id(f"{stem}-{number}", held_out),
        "question": f"Case {number}. {question}",
        "options": [{"letter": l, "text": t} for l, t in zip("ABC", options)], "answer": answer,
        "diagnosis": options["ABC".index(answer)], "synonyms": [], "source": "imported",
        "heldOut": held_out, "createdAt": STAMP}


def _sampling(number, case, version, answers):
    return {
        "table": "sampling", "id": number, "caseID": case["id"], "versionID": version,
        "prompt": [{"role": "user", "content": case["question"]}], "wanted": answers,
        "schedule": {
            "attempts": answers, "temperature": 0.6, "temperatureStep": 0.05,
            "maxTemperature": 1.2, "topP": 0.9, "topK": 0, "repetitionPenalty": 1.1,
            "maxTokens": 40, "maxOverlap": 0.7, "seed": 1},
        "verify": False, "state": "verified", "attempts": answers, "accepted": answers,
        "createdAt": STAMP}


def _trace(sampling, attempt, answers, version):
    return {
        "table": "trace", "id": (sampling - 1) * answers + attempt, "samplingID": sampling,
        "versionID": version, "attempt": attempt,
        "text": f"Finding {attempt} of case {sampling} decides. Answer: {'ABC'[attempt % 3]}",
        "finish": "stop", "tokens": 14, "logProbability": -20.5, "seed": attempt,
        "temperature": 0.6, "verdict": "unverified", "reason": "", "kept": True,
        "createdAt": STAMP}
