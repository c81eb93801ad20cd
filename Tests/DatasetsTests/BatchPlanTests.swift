import Datasets
import Testing

@Suite("Batches")
struct BatchPlanTests {
    static let strategies: [BatchStrategy] = [
        .fixed, .lengthGrouped, .packed(maxTokens: 64),
    ]

    /// 501 lengths between 1 and 64, without order.
    private let lengths = (0..<501).map { ($0 * 37 + $0 * $0 * 11) % 64 + 1 }

    private func plan(
        _ strategy: BatchStrategy,
        batchSize: Int = 4,
        accumulation: Int = 3,
        budget: Int? = nil,
        seed: UInt64 = 5
    ) throws -> BatchPlan {
        try BatchPlan(
            lengths: lengths,
            configuration: BatchConfiguration(
                strategy: strategy,
                batchSize: batchSize,
                accumulation: accumulation,
                maxTokensPerMicroBatch: budget,
                seed: seed
            )
        )
    }

    private func tokens(_ records: [Int]) -> Int { records.reduce(0) { $0 + lengths[$1] } }

    @Test("an epoch reads every record once", arguments: strategies, [nil, 128])
    func coverage(strategy: BatchStrategy, budget: Int?) throws {
        let plan = try plan(strategy, budget: budget)
        for epoch in 0..<3 {
            let read = plan.epoch(epoch).steps.flatMap(\.microBatches).flatMap { $0 }
            #expect(read.sorted() == Array(lengths.indices))
        }
    }

    @Test("the order depends on seed and epoch alone", arguments: strategies)
    func determinism(strategy: BatchStrategy) throws {
        let first = try plan(strategy)
        #expect(try plan(strategy).epoch(1) == first.epoch(1))
        #expect(
            first.epoch(0).steps.map(\.microBatches) != first.epoch(1).steps.map(\.microBatches)
        )
        #expect(try plan(strategy, seed: 6).epoch(1) != first.epoch(1))
    }

    @Test("a run resumed at any step reads what it would have read", arguments: strategies)
    func resume(strategy: BatchStrategy) throws {
        let plan = try plan(strategy)
        let uninterrupted = (0..<3).flatMap { plan.epoch($0).steps }
        #expect(plan.stepCount(epochs: 3) == uninterrupted.count)
        let resumed = try self.plan(strategy)
        for (number, step) in uninterrupted.enumerated() {
            let position = resumed.position(ofStep: number)
            #expect(resumed.epoch(position.epoch).steps[position.step] == step)
        }
    }

    @Test("steps hold batch size times accumulation, the last one the rest")
    func stepSizes() throws {
        for strategy in [BatchStrategy.fixed, .lengthGrouped] {
            let plan = try plan(strategy)
            let steps = plan.epoch(0).steps
            // 501 = 41 * 12 + 9, and 9 = 4 + 4 + 1.
            #expect(plan.stepCount(epoch: 0) == 42)
            #expect(steps.count == 42)
            #expect(steps.dropLast().allSatisfy { $0.microBatches.map(\.count) == [4, 4, 4] })
            #expect(steps.last?.microBatches.map(\.count) == [4, 4, 1])
            #expect(steps.map(\.step) == Array(0..<42))
        }
    }

    @Test("a token budget cuts the same steps into bounded micro-batches")
    func budget() throws {
        let whole = try plan(.fixed).epoch(2)
        let cut = try plan(.fixed, budget: 100).epoch(2)
        for (one, other) in zip(whole.steps, cut.steps) {
            #expect(one.microBatches.flatMap { $0 } == other.microBatches.flatMap { $0 })
            #expect(other.microBatches.allSatisfy { tokens($0) <= 100 })
            // Greedy: the first record of a micro-batch did not fit the one before.
            for (batch, next) in zip(other.microBatches, other.microBatches.dropFirst()) {
                #expect(tokens(batch) + lengths[next[0]] > 100)
            }
        }
    }

    @Test("length-grouped batches hold records of like length")
    func lengthGroups() throws {
        func spread(_ strategy: BatchStrategy) throws -> Int {
            let batches = try plan(strategy).epoch(0).steps.flatMap(\.microBatches)
            return batches.reduce(0) { sum, batch in
                let sizes = batch.map { lengths[$0] }
                return sum + (sizes.max() ?? 0) - (sizes.min() ?? 0)
            }
        }
        #expect(try spread(.lengthGrouped) * 10 < spread(.fixed))
    }

    @Test("a bin never exceeds its size")
    func binSizes() throws {
        let plan = try plan(.packed(maxTokens: 64), batchSize: 1, accumulation: 1)
        let bins = plan.epoch(0).steps.flatMap(\.microBatches)
        #expect(bins.allSatisfy { tokens($0) <= 64 && !$0.isEmpty })
        // Fewer bins than the total over 64 there cannot be; best fit comes close.
        let least = (lengths.reduce(0, +) + 63) / 64
        #expect(bins.count >= least)
        #expect(bins.count <= least + least / 20)
        #expect(plan.stepCount(epoch: 0) == bins.count)
    }

    @Test("best fit decreasing, by hand")
    func packingByHand() throws {
        // Capacity 10, decreasing 7 5 4 3 1: 7 opens A; 5 opens B; 4 fits B alone (5+4=9); 3 fits
        // A (full); 1 fits B (full).
        let plan = try BatchPlan(
            lengths: [5, 7, 1, 4, 3],
            configuration: BatchConfiguration(strategy: .packed(maxTokens: 10), batchSize: 1)
        )
        let bins = Set(plan.epoch(0).steps.flatMap(\.microBatches).map { $0.sorted() })
        #expect(bins == [[1, 4], [0, 2, 3]])
    }

    @Test("a batch of several bins keeps them together")
    func binsOfABatch() throws {
        let single = try plan(.packed(maxTokens: 64), batchSize: 1).epoch(0)
        let double = try plan(.packed(maxTokens: 64), batchSize: 2).epoch(0)
        let bins = single.steps.flatMap(\.microBatches)
        let batches = double.steps.flatMap(\.microBatches)
        #expect(batches.count == (bins.count + 1) / 2)
        #expect(batches[0] == bins[0] + bins[1])
        #expect(batches.allSatisfy { tokens($0) <= 128 })
    }

    @Test("sizes that cannot be are refused")
    func refusals() {
        #expect(throws: BatchError.notPositive("the batch size")) {
            try plan(.fixed, batchSize: 0)
        }
        #expect(throws: BatchError.notPositive("the accumulation")) {
            try plan(.fixed, accumulation: 0)
        }
        #expect(throws: BatchError.noRecords) {
            try BatchPlan(lengths: [], configuration: BatchConfiguration(batchSize: 1))
        }
        #expect(throws: BatchError.binTooLong(maxTokens: 70, limit: 65)) {
            try plan(.packed(maxTokens: 70), budget: 65)
        }
        let packed = BatchConfiguration(strategy: .packed(maxTokens: 8), batchSize: 1)
        #expect(throws: BatchError.recordTooLong(record: 1, tokens: 9, limit: 8)) {
            try BatchPlan(lengths: [8, 9], configuration: packed)
        }
    }
}
