/// How an epoch's records are put together.
public enum BatchStrategy: Sendable, Hashable {
    /// Records in the epoch's random order.
    case fixed
    /// Records of like length together: 50 batches at a time are sorted by length, then all
    /// batches are shuffled.
    case lengthGrouped
    /// Whole records packed into bins of at most `maxTokens`, best fit first, among 2,048
    /// neighbours of the epoch's random order. A bin then counts as one record of a batch.
    case packed(maxTokens: Int)
}

/// What an optimizer step is made of.
public struct BatchConfiguration: Sendable, Hashable {
    /// How an epoch's records are put together.
    public var strategy: BatchStrategy
    /// Records (packed: bins) a micro-batch.
    public var batchSize: Int
    /// Micro-batches an optimizer step.
    public var accumulation: Int
    /// When set, an optimizer step's `batchSize * accumulation` records are cut in order into
    /// micro-batches of at most this many tokens, in place of `batchSize` records.
    public var maxTokensPerMicroBatch: Int?
    /// Decides the order of every epoch.
    public var seed: UInt64
    /// How often each record is drawn; nil for once an epoch.
    public var sampling: RecordSampling?

    /// A configuration; `BatchPlan` checks it.
    public init(
        strategy: BatchStrategy = .fixed,
        batchSize: Int,
        accumulation: Int = 1,
        maxTokensPerMicroBatch: Int? = nil,
        seed: UInt64 = 0,
        sampling: RecordSampling? = nil
    ) {
        self.strategy = strategy
        self.batchSize = batchSize
        self.accumulation = accumulation
        self.maxTokensPerMicroBatch = maxTokensPerMicroBatch
        self.seed = seed
        self.sampling = sampling
    }
}

/// Why records cannot be put into batches.
public enum BatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Nothing to read in an epoch.
    case noRecords
    /// A size below 1; the value names it.
    case notPositive(String)
    /// A record that fits no bin or micro-batch; `record` counts from 0 in the order given.
    case recordTooLong(record: Int, tokens: Int, limit: Int)
    /// Bins larger than the micro-batches they should go into.
    case binTooLong(maxTokens: Int, limit: Int)

    /// The reason, for a person.
    public var description: String {
        switch self {
        case .noRecords: "there are no records to put into batches"
        case .notPositive(let name): "\(name) is not positive"
        case .recordTooLong(let record, let tokens, let limit):
            "record number \(record + 1) has \(tokens) tokens, more than the \(limit) of a batch"
        case .binTooLong(let maxTokens, let limit):
            "bins of \(maxTokens) tokens do not fit micro-batches of \(limit)"
        }
    }
}
