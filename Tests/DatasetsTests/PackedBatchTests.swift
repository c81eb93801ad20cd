import Datasets
import Testing

@Suite("Packed micro-batches")
struct PackedBatchTests {
    private func example(_ id: String, _ ids: [Int32], _ labels: [Bool]) -> TokenizedExample {
        TokenizedExample(id: id, line: 1, identity: 0, tokenIDs: ids, labels: labels)
    }

    @Test("records stand one after another, targets stay within them")
    func byHand() {
        let batch = PackedBatch([
            example("a", [10, 11, 12], [false, true, true]),
            example("b", [20, 21], [true, true]),
            example("c", [30], [true]),
            example("d", [40, 41, 42], [false, false, true]),
        ])
        #expect(batch.tokenIDs == [10, 11, 12, 20, 21, 30, 40, 41, 42])
        #expect(batch.positions == [0, 1, 2, 0, 1, 0, 0, 1, 2])
        #expect(batch.sequenceLengths == [3, 2, 1, 3])
        #expect(batch.exampleIDs == ["a", "b", "c", "d"])
        #expect(batch.tokenCount == 9)
        // 10 predicts 11, 11 predicts 12, 20 predicts 21, 41 predicts 42. Labels of first tokens
        // (20, 30) are dropped: 12 must not predict 20.
        #expect(batch.targets.positions == [0, 1, 3, 7])
        #expect(batch.targets.tokenIDs == [11, 12, 21, 42])
        #expect(batch.labelCount == 4)
        #expect(batch.labels == [false, true, true, false, true, false, false, false, true])
    }

    @Test("targets do not depend on how records are packed")
    func independence() {
        let examples = (0..<20).map { number in
            let length = number % 7 + 1
            let ids = (0..<length).map { Int32(number * 100 + $0) }
            return example("\(number)", ids, ids.map { $0 % 3 != 0 })
        }
        let together = PackedBatch(examples)
        let alone = examples.map { PackedBatch([$0]) }
        #expect(together.targets.tokenIDs == alone.flatMap(\.targets.tokenIDs))
        #expect(together.labelCount == alone.reduce(0) { $0 + $1.labelCount })
        for (position, target) in zip(together.targets.positions, together.targets.tokenIDs) {
            let source = together.tokenIDs[Int(position)]
            #expect(target == source + 1)
            #expect(target / 100 == source / 100)
        }
    }

    @Test func empty() {
        let batch = PackedBatch([])
        #expect(batch.tokenCount == 0)
        #expect(batch.labelCount == 0)
    }
}
