/// Which records each optimizer step of each epoch reads.
///
/// An epoch's order is a function of the lengths, the configuration and the epoch alone, so a
/// run that resumes at any step reads what the uninterrupted run would have read. Without a
/// sampling no record is dropped: the last step of an epoch may be smaller.
public struct BatchPlan: Sendable {
    /// [N] tokens of each record.
    public let lengths: [Int]
    /// How the records are put together.
    public let configuration: BatchConfiguration

    /// - Throws: `BatchError` when a size is not positive, or a record does not fit its bin or
    ///   micro-batch.
    public init(lengths: [Int], configuration: BatchConfiguration) throws(BatchError) {
        try configuration.check(lengths)
        self.lengths = lengths
        self.configuration = configuration
    }

    /// A plan for these examples.
    ///
    /// - Throws: `BatchError` as for lengths.
    public init(
        _ examples: [TokenizedExample],
        configuration: BatchConfiguration
    ) throws(BatchError) {
        try self.init(lengths: examples.map(\.tokenIDs.count), configuration: configuration)
    }

    /// The steps of an epoch, counted from 0.
    public func epoch(_ epoch: Int) -> EpochPlan {
        let units = units(of: epoch)
        let size = configuration.batchSize * configuration.accumulation
        let steps = stride(from: 0, to: units.count, by: size).map { start in
            StepPlan(
                epoch: epoch,
                step: start / size,
                microBatches: microBatches(units[start..<min(start + size, units.count)])
            )
        }
        return EpochPlan(epoch: epoch, steps: steps)
    }

    /// The optimizer steps of an epoch; with packing they may differ from epoch to epoch.
    public func stepCount(epoch: Int) -> Int {
        let size = configuration.batchSize * configuration.accumulation
        return switch configuration.strategy {
        case .fixed, .lengthGrouped: (lengths.count + size - 1) / size
        case .packed: (units(of: epoch).count + size - 1) / size
        }
    }

    /// The optimizer steps of the first `epochs` epochs.
    public func stepCount(epochs: Int) -> Int {
        (0..<epochs).reduce(0) { $0 + stepCount(epoch: $1) }
    }

    /// Where the optimizer step with this number stands, all counted from 0.
    public func position(ofStep number: Int) -> (epoch: Int, step: Int) {
        var (epoch, step) = (0, number)
        while true {
            let count = stepCount(epoch: epoch)
            if step < count { return (epoch, step) }
            step -= count
            epoch += 1
        }
    }

    /// Cuts the records (packed: bins) of a step in order.
    private func microBatches(_ units: ArraySlice<[Int]>) -> [[Int]] {
        guard let budget = configuration.maxTokensPerMicroBatch else {
            return units.chunks(of: configuration.batchSize).map { Array($0.joined()) }
        }
        var (batches, tokens): ([[Int]], Int) = ([], 0)
        for unit in units {
            let length = unit.reduce(0) { $0 + lengths[$1] }
            if batches.isEmpty || tokens + length > budget {
                batches.append([])
                tokens = 0
            }
            batches[batches.count - 1] += unit
            tokens += length
        }
        return batches
    }
}

/// The optimizer steps of one epoch.
public struct EpochPlan: Sendable, Hashable {
    /// Counted from 0.
    public let epoch: Int
    /// In the order in which they are taken.
    public let steps: [StepPlan]
}

/// The records of one optimizer step.
public struct StepPlan: Sendable, Hashable {
    /// Counted from 0.
    public let epoch: Int
    /// Counted from 0 within the epoch.
    public let step: Int
    /// Records, as indices into what the plan was made from.
    public let microBatches: [[Int]]
}
