import Randomness

extension CaseBank {
    /// Composes cases with lettered options; the same arguments always give the same cases.
    ///
    /// Conditions take turns in a random order, so that each occurs equally often. A case shows
    /// three or four findings (symptoms and signs) and one investigation. The splits are disjoint
    /// by construction: of each condition's findings some pairs are reserved, and a combination
    /// belongs to test when it holds a pair reserved for test, to validation when it holds one
    /// reserved for validation and none for test, and to train otherwise. So train and test never
    /// share a condition with its combination of findings, and every test case shows two findings
    /// together that no training case of that condition does. Each finding alone occurs in train.
    ///
    /// No two cases of a result show the same condition, findings and investigation, and fewer
    /// cases under the same seed are a prefix of more. Wrong options are the mimics of the
    /// condition first, then conditions of its specialty, then others, as sex and age allow; the
    /// position of the right one is uniform.
    ///
    /// - Throws: `CaseGenerationError` when more cases are asked for than exist.
    public func generate(
        split: CaseSplit,
        count: Int,
        seed: UInt64,
        optionCount: Int = 4
    ) throws(CaseGenerationError) -> [CaseItem] {
        guard count >= 0 else { throw .negativeCount(count) }
        guard optionLimits.contains(optionCount) else {
            throw .optionCount(optionCount, allowed: optionLimits)
        }
        var decks = decks(split: split, seed: seed)
        let available = decks.reduce(0) { $0 + $1.count }
        guard count <= available else {
            throw .tooManyRequested(split: split, requested: count, available: available)
        }
        var random = RandomStream(seed: seed ^ stableHash(["turns", split.rawValue]))
        var items: [CaseItem] = []
        while items.count < count {
            for index in random.shuffled(Array(conditions.indices)) where items.count < count {
                guard let combination = decks[index].draw() else { continue }
                let composer = CaseComposer(
                    bank: self,
                    condition: conditions[index],
                    combination: combination
                )
                items.append(composer.item(split: split, seed: seed, optionCount: optionCount))
            }
        }
        return items
    }

    /// Number of different cases in a split.
    public func capacity(split: CaseSplit) -> Int {
        decks(split: split, seed: 0).reduce(0) { $0 + $1.count }
    }

    private func decks(split: CaseSplit, seed: UInt64) -> [CaseDeck] {
        conditions.map { condition in
            var random = RandomStream(seed: seed ^ stableHash([condition.id, split.rawValue]))
            return CaseDeck(condition: condition, split: split, random: &random)
        }
    }

    /// Two options at least; at most as many as any patient's sex leaves, and as letters go.
    private var optionLimits: ClosedRange<Int> {
        let women = conditions.count { $0.demographics.sex != .male }
        let men = conditions.count { $0.demographics.sex != .female }
        return 2...max(2, min(26, women, men))
    }
}
