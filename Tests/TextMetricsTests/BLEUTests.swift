import Foundation
import Testing
import TextMetrics

struct BLEUTests {
    @Test func sentencesAgreeWithSacrebleu() throws {
        let pairs = try Reference.load().pairs
        #expect(pairs.count == 120)
        for (index, pair) in pairs.enumerated() {
            let bleu = BLEUScore.sentence(pair.hypothesis, references: pair.references)
            #expect(areClose([bleu.score], [pair.bleu]), "pair \(index)")
            #expect(lengths(bleu) == pair.lengths, "pair \(index)")
        }
    }

    @Test func corporaAgreeWithSacrebleu() throws {
        let reference = try Reference.load()
        #expect(reference.corpora.count == 5)
        for corpus in reference.corpora {
            let pairs = reference.pairs[corpus.first..<corpus.first + corpus.count]
            let bleu = BLEUScore.corpus(
                hypotheses: pairs.map(\.hypothesis), references: pairs.map(\.references))
            #expect(areClose([bleu.score], [corpus.score]))
            #expect(areClose(bleu.precisions, corpus.precisions))
            #expect(areClose([bleu.brevityPenalty], [corpus.brevityPenalty]))
            #expect(bleu.statistics.matches == corpus.matches)
            #expect(bleu.statistics.totals == corpus.totals)
            #expect(lengths(bleu) == corpus.lengths)
        }
    }

    private func lengths(_ bleu: BLEUScore) -> [Int] {
        [bleu.statistics.hypothesisLength, bleu.statistics.referenceLength]
    }

    // Words 4/5 (the cat sat .), pairs 2/4 (the cat, cat sat), triples 1/3, quadruples 0/2, which
    // smoothing makes (1/2)/2. Six tokens against five: brevity penalty exp(1 - 6/5).
    @Test func byHand() {
        let bleu = BLEUScore.corpus(
            hypotheses: ["the cat sat down."], references: [["the cat sat on it."]])
        #expect(bleu.statistics.matches == [4, 2, 1, 0])
        #expect(bleu.statistics.totals == [5, 4, 3, 2])
        #expect(areClose(bleu.precisions, [80, 50, 100.0 / 3, 25]))
        let mean = pow(0.8 * 0.5 / 3 * 0.25, 0.25)
        #expect(areClose([bleu.score], [100 * exp(1 - 6.0 / 5) * mean]))
    }

    /// Three tokens have no quadruple: 0 for a corpus, what there is for a sentence.
    @Test func effectiveOrder() {
        let counts = BLEUStatistics(hypothesis: "no acute distress", references: ["no distress"])
        #expect(counts.totals == [3, 2, 1, 0])
        #expect(BLEUScore(counts).score == 0)
        // 2/3, then (1/2)/2 and (1/4)/1: the cube root of 1/24.
        let sentence = BLEUScore(counts, effectiveOrder: true)
        #expect(areClose([sentence.score], [100 * pow(1.0 / 24, 1.0 / 3)]))
    }

    /// Of two references as close, the shorter; of an n-gram, the reference that has most.
    @Test func severalReferences() {
        let counts = BLEUStatistics(
            hypothesis: "a a a b", references: ["a a c c d", "a b b", "b"])
        #expect(counts.referenceLength == 3)
        #expect(counts.matches == [3, 2, 0, 0])
    }

    @Test func withoutTexts() {
        #expect(BLEUScore.corpus(hypotheses: [], references: []).score == 0)
        #expect(BLEUScore.sentence("", references: [""]).score == 0)
    }
}
