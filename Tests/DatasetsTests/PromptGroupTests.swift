import Datasets
import Testing

@Suite("Prompts that completions share")
struct PromptGroupTests {
    @Test("a prompt stands once before its completions")
    func byHand() {
        let batch = PackedBatch(groups: [
            PromptGroup(prompt: [10, 11, 12], completions: [[20, 21], [30]], id: "a"),
            PromptGroup(prompt: [40], completions: [[50, 51, 52]], id: "b"),
        ])
        // Rows:                   0   1   2   3   4   5   6   7   8   9
        #expect(batch.tokenIDs == [10, 11, 12, 20, 21, 30, 40, 50, 51, 52])
        #expect(batch.positions == [0, 1, 2, 3, 4, 3, 0, 1, 2, 3])
        #expect(batch.sequenceLengths == [3, 2, 1, 1, 3])
        #expect(batch.prefixes == [-1, 0, 0, -1, 3])
        let labels: [Int] = [0, 0, 0, 1, 1, 1, 0, 1, 1, 1]
        #expect(batch.labels == labels.map { $0 == 1 })
        // Row 2 predicts both 20 and 30, row 3 predicts 21; row 6 predicts 50, 7 51, 8 52.
        #expect(batch.targets.positions == [2, 3, 2, 6, 7, 8])
        #expect(batch.targets.tokenIDs == [20, 21, 30, 50, 51, 52])
        #expect(batch.completionLengths == [2, 1, 3])
        #expect(batch.exampleIDs == ["a", "b"])
        #expect(batch.tokenCount == 10)
        #expect(batch.labelCount == 6)
    }

    @Test("the tokens of a group are those of its batch")
    func tokenCount() {
        let group = PromptGroup(prompt: [1, 2], completions: [[3], [4, 5], [6]], id: "")
        #expect(group.tokenCount == 6)
        #expect(PackedBatch(groups: [group]).tokenCount == 6)
    }

    @Test func empty() {
        let batch = PackedBatch(groups: [])
        #expect(batch.tokenCount == 0)
        #expect(batch.labelCount == 0)
        #expect(batch.completionLengths.isEmpty)
    }

    @Test("records that share nothing have no prefix")
    func records() {
        let labels = [false, true, true]
        let examples = ["a", "b"].map {
            TokenizedExample(id: $0, line: 1, identity: 0, tokenIDs: [1, 2, 3], labels: labels)
        }
        let batch = PackedBatch(examples)
        #expect(batch.prefixes == [-1, -1])
        #expect(batch.completionLengths == [2, 2])
    }

    @Test func refusesWhatIsEmpty() async {
        await #expect(processExitsWith: .failure) {
            _ = PromptGroup(prompt: [], completions: [[1]], id: "")
        }
        await #expect(processExitsWith: .failure) {
            _ = PromptGroup(prompt: [1], completions: [[1], []], id: "")
        }
    }
}
