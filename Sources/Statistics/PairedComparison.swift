/// One judgement of two systems beside each other.
public struct PairedComparison: Sendable, Hashable {
    /// Which system the judge prefers.
    public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        case first, second, tie
    }

    /// The systems, as indices.
    public let first: Int
    public let second: Int
    public let outcome: Outcome

    /// A judgement of the systems `first` and `second`, counted from 0.
    public init(_ first: Int, _ second: Int, _ outcome: Outcome) {
        self.first = first
        self.second = second
        self.outcome = outcome
    }

    /// What the first system gets of the one point: a tie is half a win for each.
    var points: Double {
        switch outcome {
        case .first: 1
        case .second: 0
        case .tie: 0.5
        }
    }
}
