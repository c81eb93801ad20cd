import Statistics
import Testing

struct ClassificationTests {
    @Test func scoresAgreeWithScikitLearn() throws {
        for labels in try Reference.load().classifications {
            let result = Classification(gold: labels.gold, predicted: labels.predicted)
            #expect(result.labels == labels.labels)
            for (index, score) in result.classes.enumerated() {
                #expect(isClose(score.precision, labels.precision[index]))
                #expect(isClose(score.recall, labels.recall[index]))
                #expect(isClose(score.f1, labels.f1[index]))
            }
            #expect(isClose(result.macroF1, labels.macroF1))
            #expect(isClose(result.accuracy.value, labels.accuracy))
            #expect(isClose(result.majority.accuracy, labels.majority))
        }
    }

    // yes: one hit, one false alarm, one unparsable miss: F1 = 2 / (2 + 1 + 1) = 1/2.
    // no: one hit, nothing else: F1 = 1. ?: one miss: 0. Macro (1/2 + 1 + 0) / 3; accuracy 2/4.
    @Test func byHand() {
        let result = Classification(
            gold: ["yes", "yes", "no", "?"],
            predicted: ["yes", nil, "no", "yes"]
        )
        #expect(result.labels == ["?", "no", "yes"])
        #expect(result.classes.map(\.f1) == [0, 1, 0.5])
        #expect(isClose(result.macroF1, 0.5))
        #expect(result.accuracy == Proportion(successes: 2, of: 4))
        #expect(result.unparsable == Proportion(successes: 1, of: 4))
        #expect(result.majority.label == "yes" && result.majority.accuracy == 0.5)
        #expect(result.classes[2].support == 2)
    }

    @Test func confusionIsSortedAndComplete() {
        let result = Classification(
            gold: ["b", "a", "b", "b", "a"],
            predicted: ["a", "a", nil, "a", "c"]
        )
        let cells = result.confusion.map { "\($0.gold)>\($0.predicted ?? "-"):\($0.count)" }
        #expect(cells == ["a>a:1", "a>c:1", "b>-:1", "b>a:2"])
    }

    @Test func equallyFrequentLabelsGiveTheFirst() {
        #expect(Classification(gold: ["b", "a"], predicted: ["b", "b"]).majority.label == "a")
    }

    @Test func withoutItems() {
        let result = Classification(gold: [], predicted: [])
        #expect(result.macroF1 == 0)
        #expect(result.majority.label == nil && result.majority.accuracy == 0)
    }
}
