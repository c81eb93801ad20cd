/// The mean of everything seen so far, a state that a checkpoint keeps.
///
/// `bco_pair` subtracts that of all rewards. TRL: `RunningMoments` of the BCO trainer.
public struct RunningMean: Sendable, Codable, Equatable {
    /// 0 before the first value.
    public private(set) var mean = 0.0
    /// Values seen.
    public private(set) var count = 0

    public init() {}

    /// Takes in more values; all or, where one is not a finite number, none.
    public mutating func update(_ values: [Double]) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return }
        count += values.count
        mean += values.reduce(0) { $0 + ($1 - mean) } / Double(count)
    }
}
