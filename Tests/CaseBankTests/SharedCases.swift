@testable import CaseBank

/// The bank and some cases, made once for all tests.
enum SharedCases {
    private static let loaded = Result { try CaseBank.bundled() }
    private static let matching = loaded.map(DiagnosisMatcher.init)
    private static let written = Result { () throws -> [CaseItem] in
        let bank = try CaseBank.bundled()
        return try bank.generate(split: .train, count: 1500, seed: 21)
            + bank.generate(split: .test, count: 1500, seed: 22)
    }
    private static let partitioned = Result { () throws -> [CaseSplit: [CaseItem]] in
        let bank = try CaseBank.bundled()
        var cases: [CaseSplit: [CaseItem]] = [:]
        for split in CaseSplit.allCases {
            for seed in [3, 4] as [UInt64] {
                cases[split, default: []] += try bank.generate(
                    split: split,
                    count: 4000,
                    seed: seed
                )
            }
        }
        return cases
    }

    static func bank() throws -> CaseBank { try loaded.get() }

    static func matcher() throws -> DiagnosisMatcher { try matching.get() }

    /// 3,000 cases, half of them training and half test.
    static func items() throws -> [CaseItem] { try written.get() }

    /// 8,000 cases of each split, of two seeds.
    static func bySplit() throws -> [CaseSplit: [CaseItem]] { try partitioned.get() }
}
