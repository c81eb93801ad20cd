import Randomness

/// What a case shows: some findings (bit i stands for finding i) and one investigation.
struct Combination: Hashable {
    let findings: UInt32
    let test: Int
}

/// The combinations of one condition in one split, each once.
struct CaseDeck {
    private let sets: [UInt32]
    private let testOffsets: [Int]
    private let testCount: Int
    private var drawn = 0

    /// Number of different cases in the deck.
    var count: Int { sets.count * testCount }

    /// - Parameter random: gives the order; no finding set repeats before all have been drawn.
    init(condition: Condition, split: CaseSplit, random: inout RandomStream) {
        let eligible = Self.findingSets(of: condition, in: split)
        // Sizes alternate, so that vignettes of all splits are equally long.
        let small = random.shuffled(eligible.filter { $0.nonzeroBitCount == 3 })
        let large = random.shuffled(eligible.filter { $0.nonzeroBitCount == 4 })
        let paired = zip(small, large).flatMap { [$0, $1] }
        sets = paired + small.dropFirst(large.count) + large.dropFirst(small.count)
        testCount = condition.tests.count
        var offsets: [Int] = []
        for _ in sets { offsets.append(random.next(below: condition.tests.count)) }
        testOffsets = offsets
    }

    /// The next combination; nil when all have been drawn.
    mutating func draw() -> Combination? {
        guard drawn < count else { return nil }
        let index = drawn % sets.count
        let test = (testOffsets[index] + drawn / sets.count) % testCount
        drawn += 1
        return Combination(findings: sets[index], test: test)
    }

    /// Two or three symptoms with one or two signs, three or four findings in all.
    static func findingSets(of condition: Condition, in split: CaseSplit) -> [UInt32] {
        let rule = CombinationSplit(condition: condition)
        let symptomMask = (UInt32(1) << condition.symptoms.count) - 1
        return (0..<(UInt32(1) << condition.findings.count)).filter { set in
            let symptoms = (set & symptomMask).nonzeroBitCount
            let signs = (set & ~symptomMask).nonzeroBitCount
            let fits = (2...3).contains(symptoms) && (1...2).contains(signs)
            return fits && symptoms + signs <= 4 && rule.split(of: set) == split
        }
    }
}
