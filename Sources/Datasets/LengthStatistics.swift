/// Token counts over a set of records.
public struct LengthStatistics: Sendable, Hashable {
    /// The number of records.
    public let records: Int
    /// Tokens of all records.
    public let tokens: Int
    /// Training targets of all records.
    public let labelled: Int
    /// Tokens of the shortest record; like those below 0 when there is none.
    public let shortest: Int
    /// Tokens of the median record (nearest rank).
    public let median: Int
    /// The 95th percentile of tokens a record (nearest rank).
    public let percentile95: Int
    /// Tokens of the longest record.
    public let longest: Int
    /// Records of more than the maximum length.
    public let overlong: Int

    /// - Parameters:
    ///   - lengths: tokens of each record, in any order.
    ///   - labelled: training targets of all of them.
    public init(lengths: [Int], labelled: Int, maxLength: Int) {
        let lengths = lengths.sorted()
        records = lengths.count
        tokens = lengths.reduce(0, +)
        self.labelled = labelled
        shortest = lengths.first ?? 0
        median = Self.nearestRank(0.5, of: lengths)
        percentile95 = Self.nearestRank(0.95, of: lengths)
        longest = lengths.last ?? 0
        overlong = lengths.count { $0 > maxLength }
    }

    /// The part of all tokens that is trained on; 0 when there are none.
    public var labelledShare: Double { tokens == 0 ? 0 : Double(labelled) / Double(tokens) }

    private static func nearestRank(_ share: Double, of sorted: [Int]) -> Int {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((share * Double(sorted.count)).rounded(.up))
        return sorted[max(0, rank - 1)]
    }
}
