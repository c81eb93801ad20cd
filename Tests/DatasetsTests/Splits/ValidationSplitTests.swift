import Datasets
import Testing

@Suite("Validation splits")
struct ValidationSplitTests {
    private func examples(_ ids: [String]) -> [TokenizedExample] {
        ids.enumerated().map { index, id in
            let record = SupervisedRecord(id: id, line: index + 1, body: .text(id))
            return TokenizedExample(
                id: id,
                line: index + 1,
                identity: record.identity,
                tokenIDs: [1, 2],
                labels: [false, true]
            )
        }
    }

    private let ids = (0..<200).map { "record-\($0)" }

    @Test("nothing is lost and nothing stands on both sides")
    func partition() throws {
        let split = try ValidationSplit(examples(ids), size: .fraction(0.1), seed: 1)
        #expect(split.validation.count == 20)
        #expect(split.training.count == 180)
        #expect(Set((split.training + split.validation).map(\.id)) == Set(ids))
        #expect(split.training.map(\.line) == split.training.map(\.line).sorted())
    }

    @Test("the order of the file does not matter, the seed does")
    func reordering() throws {
        let split = try ValidationSplit(examples(ids), size: .count(30), seed: 1)
        let reversed = try ValidationSplit(examples(ids.reversed()), size: .count(30), seed: 1)
        let other = try ValidationSplit(examples(ids), size: .count(30), seed: 2)
        #expect(split.validation.count == 30)
        #expect(Set(split.validation.map(\.id)) == Set(reversed.validation.map(\.id)))
        #expect(Set(split.validation.map(\.id)) != Set(other.validation.map(\.id)))
    }

    @Test("records of one id stay together")
    func duplicates() throws {
        let doubled = ids.prefix(40) + ids.prefix(40)
        let split = try ValidationSplit(examples(Array(doubled)), size: .count(9), seed: 3)
        #expect(split.validation.count == 10)
        #expect(Set(split.validation.map(\.id)).isDisjoint(with: split.training.map(\.id)))
    }

    @Test("without an id the content decides")
    func identity() {
        func identity(_ id: String?, _ text: String) -> UInt64 {
            SupervisedRecord(id: id, line: 1, body: .text(text)).identity
        }
        #expect(identity("a", "x") == identity("a", "y"))
        #expect(identity(nil, "x") != identity(nil, "y"))
        // FNV-1a of the bytes 61 ff, computed with Python.
        #expect(identity(nil, "a") == 0x89BC907B544C769)
    }

    @Test("sizes that make no sense are refused")
    func refusals() {
        #expect(throws: SplitError.notAFraction) {
            try ValidationSplit(examples(ids), size: .fraction(1), seed: 1)
        }
        #expect(throws: SplitError.notPositive) {
            try ValidationSplit(examples(ids), size: .count(0), seed: 1)
        }
        #expect(throws: SplitError.nothingLeft(records: 200)) {
            try ValidationSplit(examples(ids), size: .count(200), seed: 1)
        }
        #expect(throws: SplitError.nothingLeft(records: 0)) {
            try ValidationSplit(examples([]), size: .fraction(0.5), seed: 1)
        }
    }
}
