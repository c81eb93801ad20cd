/// Two versions' answers to one case, side by side and blind.
package struct Duel: Codable, Sendable, Hashable, Identifiable {
    package enum Outcome: String, Codable, Sendable, Hashable, CaseIterable {
        case left, right, tie
        /// Both are unacceptable.
        case neither
    }

    package let id: Int64
    package let caseID: CaseID
    package let leftSampling: Int64
    package let rightSampling: Int64
    /// The traces that were compared; nil until the duel is judged.
    package let leftTrace: Int64?
    package let rightTrace: Int64?
    package let leftVersion: Int64
    package let rightVersion: Int64
    /// Who judged.
    package let accountID: Int64?
    package let outcome: Outcome?
    package let createdAt: Timestamp
    package let judgedAt: Timestamp?
}

/// What a judge of a duel sees.
package struct DuelSheet: Sendable, Hashable {
    package let duel: Duel
    package let question: String
    package let images: [CaseImage]
    package let left: Trace
    package let right: Trace
}

/// The results of all duels.
package struct ArenaStanding: Codable, Sendable, Hashable {
    /// Version `a` against version `b`, of which `a` is the older.
    package struct Pair: Codable, Sendable, Hashable {
        package let a: Int64
        package let b: Int64
        /// Of `a`.
        package let wins: Int
        package let losses: Int
        package let ties: Int
        /// Duels in which neither was acceptable.
        package let neither: Int
        /// Wins of `a` over wins and losses; nil without any.
        package let rate: Double?
        /// The 95 % interval of Wilson; [0, 1] without wins and losses.
        package let low: Double
        package let high: Double
    }

    /// A version's strength in Bradley and Terry's model, on the logit scale with mean 0.
    package struct Strength: Codable, Sendable, Hashable {
        package let version: Int64
        package let score: Double
        /// The 95 % bootstrap interval; nil with fewer than two duels.
        package let low: Double?
        package let high: Double?
    }

    package let pairs: [Pair]
    package let strengths: [Strength]
}
