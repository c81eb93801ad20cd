"""Writes Tests/Fixtures/text_metrics: BLEU by sacrebleu, ROUGE by rouge-score, stems by NLTK.

    pip install sacrebleu rouge-score
    python Scripts/reference/text_metrics.py

`pairs.json`: 120 made-up texts with one to three references. `stems.json`: words and their stems.
"""

import json
import pathlib
import random
from importlib.metadata import version

import sacrebleu
from nltk.stem.porter import PorterStemmer
from rouge_score.rouge_scorer import RougeScorer

FOLDER = pathlib.Path(__file__).parents[2] / "Tests/Fixtures/text_metrics"
KINDS = ["rouge1", "rouge2", "rougeL", "rougeLsum"]

WORDS = """the a of and with for no is was in to daily after before mild severe patient dose cough
fever rash pain relief studies showed reduced increasing therapies conditional rationally dying
operation adjustable homologous electricity hopefulness agreed falling filing happy enjoying
inflammatory Ibuprofen Aspirin HbA1c pH don't patient's it's co-administered follow-up""".split()
NUMBERS = """7.2% 1,200 0.05 3.5-4.0 10-day 120/80 p<0.05 5mg 38.5°C (n=42) $1.50 .5 2. 1,2,3 ,5 a.b
-3 2019-03-14 &lt;5&gt; &amp;lt; &amp;quot; &quot;q&quot; e.g. 1.,2 [1] {x} a|b ~9 x_y c\\d ^2 `z` !? ...""".split()
UNICODE = ["naïve", "nai\u0308ve", "β-blocker", "Ärzte", "²H", "心筋梗塞", "患者。", "🩺", "é.", "ü,", "—",
           "“quoted”", "\u212aelvin", "\u0130nsulin", "\u017fkin", "x\u200by", "а.б"]
SPACES = ["\n", "\n\n", "  ", "\t", "\u00a0", "\u3000", "\u0085", "\u001c", "\u2028", "-\n", "--\n\n",
          " <skipped> ", "\r\n", "\u2009", "\u1680", ". ", ", ", ".", ",", "; ", "-"]
ODD = [("", "a reference"), ("a hypothesis", ""), ("", ""), (" \n\u00a0", "x"), ("...", "..."),
       ("A.", "A."), ("one", "one"), ("one two", "one two"), ("a b c", "a b c"), ("é", "e\u0301"),
       ("心", "心"), ("-\n", "-"), ("x-\n", "x"), ("-<skipped>\n", "-"), ("a a a a a", "a a"),
       ("a b a b a b", "b a b a"), ("1.5.2", "1 . 5"), ("\n\na b\n\nc", "a\nb c\n")]


def text(draw, words, count):
    spaces = [" "] * draw.choice([6, 20, 60]) + SPACES
    return "".join(draw.choice(words) + draw.choice(spaces) for _ in range(count))


def edited(draw, words, source):
    """`source` with pieces dropped, doubled, inflected, replaced and moved."""
    pieces = source.split(" ")
    for _ in range(draw.randint(1, 2 + len(pieces) // 2)):
        at = draw.randrange(len(pieces))
        action = draw.randrange(6)
        if action == 0 and len(pieces) > 1:
            del pieces[at]
        elif action == 1:
            pieces.insert(at, pieces[at])
        elif action == 2:
            pieces[at] = draw.choice(words)
        elif action in (3, 4):
            pieces[at] += draw.choice(["s", "ed", "ing", "ly", "ation", "ness"])
        else:
            pieces.insert(draw.randrange(len(pieces)), pieces.pop(at))
    return " ".join(pieces)


def pairs(count):
    draw = random.Random(13)
    lists = [WORDS, WORDS + NUMBERS, WORDS + UNICODE, NUMBERS + UNICODE]
    result = [(hypothesis, [reference]) for hypothesis, reference in ODD]
    while len(result) < count:
        words = draw.choice(lists)
        reference = text(draw, words, draw.randint(1, 30))
        hypothesis = reference if len(result) % 20 == 0 else edited(draw, words, reference)
        if len(result) % 10 == 1:
            hypothesis = text(draw, words, draw.randint(1, 30))
        more = draw.choice([0, 0, 0, 1, 2])
        references = [reference] + [edited(draw, words, reference) for _ in range(more)]
        result.append((hypothesis, references))
    return result


def rouge(hypothesis, reference, stemming):
    scores = RougeScorer(KINDS, use_stemmer=stemming).score(reference, hypothesis)
    return [round(value, 9) for kind in KINDS for value in scores[kind]]


def pair(hypothesis, references):
    bleu = sacrebleu.sentence_bleu(hypothesis, references)
    return {
        "hypothesis": hypothesis,
        "references": references,
        "bleu": round(bleu.score, 9),
        "lengths": [bleu.sys_len, bleu.ref_len],
        "rouge": rouge(hypothesis, references[0], False),
        "stemmed": rouge(hypothesis, references[0], True),
    }


def corpus(hypotheses, references):
    """sacrebleu wants a list of first references, a list of second ones, and so on."""
    width = max(map(len, references))
    streams = [[own[i] if i < len(own) else None for own in references] for i in range(width)]
    bleu = sacrebleu.corpus_bleu(hypotheses, streams, force=True)
    return {
        "count": len(hypotheses), "score": bleu.score, "precisions": bleu.precisions,
        "brevityPenalty": bleu.bp, "matches": bleu.counts, "totals": bleu.totals,
        "lengths": [bleu.sys_len, bleu.ref_len],
    }


def stems(count):
    """Roots with suffixes of every rule, one or two; half of them are no words at all."""
    draw = random.Random(4)
    roots = """relat condit rat val hes digit conform radic differ vil analog vietnam predic oper
        feud decis hope call form sens triplic electr good reviv allow infer airlin gyroscop adjust
        defens irrit replac depend adopt homolog commun activ angular effect bowdler prob ceas contr
        roll hop tan fall hiss fizz fail fil plaster motor conflat troubl siz happ sk ag f bl s t
        syzyg geo archaeo th y yy sayy boy pla st tr 3d b12 abc9""".split()
    suffixes = """ational tional enci anci izer abli bli alli entli eli ousli ization ation ator alism
        iveness fulness ousness aliti iviti biliti fulli logi icate ative alize iciti ical ful ness
        al ance ence er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e
        ll y ies ied eed ed ing s ss sses at bl iz oed ying ayed w x""".split()
    irregular = """sky skies dying lying tying news innings inning outings outing cannings canning
        howe proceed exceed succeed dies died flies spied a is the""".split()
    drawn = {draw.choice(roots) + draw.choice(suffixes) + draw.choice(["", "", draw.choice(suffixes)])
             for _ in range(count)}
    words = irregular + sorted(drawn)
    stemmer = PorterStemmer()
    return {"words": " ".join(words), "stems": " ".join(stemmer.stem(word) for word in words)}


def write(name, value):
    with open(FOLDER / name, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = pairs(120)
    corpora = [made[:18], made[18:90], made[70:], made[:1], made[4:8]]
    write("pairs.json", {
        "made_with": ", ".join(f"{n} {version(n)}" for n in ("sacrebleu", "rouge-score", "nltk")),
        "pairs": [pair(*item) for item in made],
        "corpora": [{"first": made.index(items[0])} | corpus(*map(list, zip(*items)))
                    for items in corpora]})
    write("stems.json", stems(1500))


if __name__ == "__main__":
    main()
