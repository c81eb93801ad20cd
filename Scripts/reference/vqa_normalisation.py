"""Writes Tests/Fixtures/evaluation/vqa_normalisation.json: answers as VQA's own script compares them.

    pip install --no-deps salesforce-lavis==1.0.2
    python Scripts/reference/vqa_normalisation.py [--answers ../shared/data/vqa_rad/train.json]

The published script is `vqaEval.py` of VQA v2; salesforce-lavis ships its class VQAEval. Its file is loaded alone: the
package itself would load torch. `cases` are pairs of a text and what became of it. With `--answers`, a file of VQA-RAD,
`vqa_rad` is the number of its answers and the SHA-256 of all that became of them, a line each, so that the answers need
not be copied here.
"""

import argparse
import hashlib
import importlib.util
import json
import pathlib
import random
import warnings

FIXTURE = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/evaluation/vqa_normalisation.json"

TEXTS = """MRI-FLAIR|mri flair|L2-3|L2 - 3|3.4 cm|3.4cm.|1,200 mL|1,200 (mL) x-ray|a, b|a,b|T2/FLAIR|T2 /FLAIR
Non-contrast  CT|the one; an X-ray, None|A.|a|e.g. the U.S.|.5|5.|1.5.2|1.,2|dont|don't|Dont know|IM sure|im sure
couldn'tve|somebody'd|it's the patient's|x: y|50%|>5 mm|> 5 mm|5-10 mm|p<0.05|left & right|"left" lobe
right (lower) lobe
ten of eleven|Zero|one-third|two or three|what?!|yes!|no .|...| - . |The|an the a|y'all'll|twas|ow's'at|(B) MRI|B) MRI
naïve Ärzte|肺炎。|患者|Да|٣.٤|³|x\\y_z|[1] {2}|a`b|u@v|\x1cfield|no\u00a0break|İstanbul"""
WORDS = """the a an none one ten dont wasnt youre left right lobe MRI CT T2 FLAIR 3.4 1,200 2,5 L2-3 x-ray (B) lung.
heart, no; yes? 5% - . , ; / e.g. U.S. [1] it's""".split()


def published():
    spec = importlib.util.find_spec("lavis")
    folder = pathlib.Path(spec.submodule_search_locations[0])
    one = importlib.util.spec_from_file_location("vqa_eval", folder / "common/vqa_tools/vqa_eval.py")
    module = importlib.util.module_from_spec(one)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Its patterns are no raw strings.
        one.loader.exec_module(module)
    evaluation = module.VQAEval()

    def normalised(text):
        text = text.replace("\n", " ").replace("\t", " ").strip()
        return evaluation.processDigitArticle(evaluation.processPunctuation(text))

    return normalised


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers")
    options = parser.parse_args()
    normalised = published()
    draw = random.Random(0)
    texts = TEXTS.replace("\n", "|").split("|") + ["line\nbreak", "tab\there", ". " * 40]
    texts += [draw.choice(["", " ", "\n"]).join(draw.choice(WORDS) + draw.choice([" ", " ", ""]) for _ in range(6))
              for _ in range(60)]
    result = {"cases": [[text, normalised(text)] for text in texts]}
    if options.answers:
        records = json.loads(pathlib.Path(options.answers).read_text())
        answers = [normalised(str(record["answer"])) for record in records]
        text = "".join(answer + "\n" for answer in answers)
        result["vqa_rad"] = {"count": len(answers), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    FIXTURE.write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n")
    print(len(texts), "texts", result.get("vqa_rad"))


if __name__ == "__main__":
    main()
