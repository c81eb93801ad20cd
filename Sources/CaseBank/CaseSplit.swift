/// Which part of an experiment a case belongs to.
public enum CaseSplit: String, Sendable, Hashable, Codable, CaseIterable {
    case train, validation, test
}

/// Which combinations of a condition's findings belong to which split.
///
/// The rule. The findings of a condition (symptoms and signs) are put in a row by a stable hash of
/// condition and finding. Neighbours in the row are reserved pairs, in turn for test and for
/// validation: first with second for test, second with third for validation, third with fourth for
/// test, and so on. A combination belongs to
/// - `test` when it holds a pair reserved for test,
/// - `validation` when it holds a pair reserved for validation and none for test,
/// - `train` when it holds no reserved pair.
///
/// So no combination is in two splits, and more: each test case shows at least two findings
/// together that no training or validation case of that condition shows together, while each
/// finding by itself occurs in training.
struct CombinationSplit {
    private let testPairs: [UInt32]
    private let validationPairs: [UInt32]

    init(condition: Condition) {
        let findings = condition.findings
        let row = findings.indices.sorted {
            let hashes = (
                stableHash([condition.id, findings[$0].id]),
                stableHash([condition.id, findings[$1].id])
            )
            return hashes.0 != hashes.1 ? hashes.0 < hashes.1 : findings[$0].id < findings[$1].id
        }
        let pairs = zip(row, row.dropFirst()).map { (UInt32(1) << $0) | (UInt32(1) << $1) }
        testPairs = pairs.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        validationPairs = pairs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }

    /// The split of a combination: bit i stands for finding i of `Condition.findings`.
    func split(of combination: UInt32) -> CaseSplit {
        if testPairs.contains(where: { combination & $0 == $0 }) { return .test }
        if validationPairs.contains(where: { combination & $0 == $0 }) { return .validation }
        return .train
    }
}
