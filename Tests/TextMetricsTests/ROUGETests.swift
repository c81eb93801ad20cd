import Testing
import TextMetrics

struct ROUGETests {
    @Test func agreesWithRougeScore() throws {
        let pairs = try Reference.load().pairs
        #expect(pairs.count == 120)
        for (index, pair) in pairs.enumerated() {
            let plain = ROUGE(prediction: pair.hypothesis, reference: pair.references[0])
            #expect(areClose(numbers(plain), pair.rouge), "pair \(index)")
            let stemmed = ROUGE(
                prediction: pair.hypothesis, reference: pair.references[0], stemming: true)
            #expect(areClose(numbers(stemmed), pair.stemmed), "pair \(index), stemmed")
        }
    }

    private func numbers(_ rouge: ROUGE) -> [Double] {
        [rouge.rouge1, rouge.rouge2, rouge.rougeL, rouge.rougeLsum].flatMap {
            [$0.precision, $0.recall, $0.f1]
        }
    }

    // Prediction: the x ray showed pneumonia (5); reference: pneumonia on the x ray (5).
    // Words the, x, ray, pneumonia: 4/5. Pairs the-x, x-ray: 2/4. Subsequence the x ray: 3/5.
    @Test func byHand() {
        let rouge = ROUGE(
            prediction: "The X-ray showed pneumonia.", reference: "Pneumonia on the X-ray")
        #expect(
            areClose(
                [rouge.rouge1.precision, rouge.rouge1.recall, rouge.rouge1.f1], [0.8, 0.8, 0.8]))
        #expect(areClose([rouge.rouge2.f1, rouge.rougeL.f1, rouge.rougeLsum.f1], [0.5, 0.6, 0.6]))
    }

    // The lines are swapped. As one text "a b c d" and "c d a b" share 2 of 4 words in order; each
    // line for itself all of them.
    @Test func linesAreUnitedForLsum() {
        let rouge = ROUGE(prediction: "c d\na b", reference: "a b\nc d")
        #expect(rouge.rougeL.f1 == 0.5 && rouge.rougeLsum.f1 == 1)
    }

    /// Precision 2/2, recall 2/6: F1 = 2 (1/3) / (4/3).
    @Test func precisionIsOfThePrediction() {
        let rouge = ROUGE(prediction: "chest pain", reference: "he has had chest pain today")
        #expect(rouge.rouge1.precision == 1)
        #expect(areClose([rouge.rouge1.recall, rouge.rouge1.f1], [1.0 / 3, 0.5]))
    }

    @Test func stemsOnlyWhenAsked() {
        let texts = (prediction: "treated conditions", reference: "treating a condition")
        #expect(ROUGE(prediction: texts.0, reference: texts.1).rouge1.f1 == 0)
        let stemmed = ROUGE(prediction: texts.0, reference: texts.1, stemming: true)
        #expect(areClose([stemmed.rouge1.precision, stemmed.rouge1.recall], [1, 2.0 / 3]))
    }

    /// The Kelvin sign and the capital I with a dot are letters of ASCII in lower case, the dot is
    /// not; other letters end a word.
    @Test func lowerCase() {
        #expect(ROUGE(prediction: "\u{212A}g I\u{307}n", reference: "KG \u{130}n").rouge2.f1 == 1)
        #expect(ROUGE(prediction: "naïve", reference: "na ve").rouge2.f1 == 1)
    }
}
