import Randomness

extension BatchPlan {
    private static let batchesPerGroup = 50
    private static let packingWindow = 2_048

    /// What counts as one record of a batch, in the order of the epoch: single records, or bins.
    func units(of epoch: Int) -> [[Int]] {
        var random = RandomStream(seed: configuration.seed, key: UInt64(epoch))
        let order = order(of: epoch, &random)
        return switch configuration.strategy {
        case .fixed: order.map { [$0] }
        case .lengthGrouped: grouped(order, &random).map { [$0] }
        case .packed(let maxTokens): packed(order, maxTokens, &random)
        }
    }

    private func order(of epoch: Int, _ random: inout RandomStream) -> [Int] {
        if let sampling = configuration.sampling {
            return sampling.order(ofEpoch: epoch, seed: configuration.seed, &random)
        }
        var order = Array(lengths.indices)
        random.shuffle(&order)
        return order
    }

    /// A batch that is not full stays last, so that only the last step is smaller.
    private func grouped(_ order: [Int], _ random: inout RandomStream) -> [Int] {
        let size = configuration.batchSize
        var batches: [[Int]] = []
        for window in order[...].chunks(of: size * Self.batchesPerGroup) {
            batches += sortedByLength(window)[...].chunks(of: size).map(Array.init)
        }
        let rest = order.count % size == 0 ? [] : batches.removeLast()
        random.shuffle(&batches)
        return batches.flatMap { $0 } + rest
    }

    private func sortedByLength(_ window: ArraySlice<Int>) -> [Int] {
        window.enumerated()
            .sorted {
                (lengths[$0.element], $0.offset) < (lengths[$1.element], $1.offset)
            }
            .map(\.element)
    }

    /// The bins of a window are shuffled: packing leaves the longest records first.
    private func packed(
        _ order: [Int],
        _ maxTokens: Int,
        _ random: inout RandomStream
    ) -> [[Int]] {
        var bins: [[Int]] = []
        for window in order[...].chunks(of: Self.packingWindow) {
            var packed = BinPacking.pack(Array(window), lengths: lengths, capacity: maxTokens)
            random.shuffle(&packed)
            bins += packed
        }
        return bins
    }
}

extension BatchConfiguration {
    func check(_ lengths: [Int]) throws(BatchError) {
        if lengths.isEmpty { throw .noRecords }
        if batchSize < 1 { throw .notPositive("the batch size") }
        if accumulation < 1 { throw .notPositive("the accumulation") }
        if let limit = maxTokensPerMicroBatch {
            try Self.check(lengths, limit: limit)
        }
        guard case .packed(let maxTokens) = strategy else { return }
        try Self.check(lengths, limit: maxTokens)
        if let limit = maxTokensPerMicroBatch, limit < maxTokens {
            throw .binTooLong(maxTokens: maxTokens, limit: limit)
        }
    }

    private static func check(_ lengths: [Int], limit: Int) throws(BatchError) {
        if let record = lengths.firstIndex(where: { $0 > limit }) {
            throw .recordTooLong(record: record, tokens: lengths[record], limit: limit)
        }
    }
}

extension ArraySlice {
    /// Slices of `size` elements in order; the last may be shorter.
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: startIndex, to: endIndex, by: size).map {
            self[$0..<Swift.min($0 + size, endIndex)]
        }
    }
}
