import Datasets
import Testing

@Suite("Records drawn by weights")
struct RecordSamplingTests {
    /// Eight records of a large file and two of a small one, which has half of every epoch.
    private func plan(_ weights: [Double] = [1, 1], seed: UInt64 = 1) throws -> BatchPlan {
        let groups = [0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
        return try BatchPlan(
            lengths: groups.map { _ in 4 },
            configuration: BatchConfiguration(
                batchSize: 5, seed: seed,
                sampling: RecordSampling(groups: groups, weights: weights)))
    }

    private func records(_ plan: BatchPlan, _ epochs: Range<Int>) -> [Int] {
        epochs.flatMap { plan.epoch($0).steps.flatMap(\.microBatches).flatMap(\.self) }
    }

    @Test("an epoch has as many records, shared by the weights")
    func shares() throws {
        let epoch = records(try plan(), 0..<1)
        #expect(epoch.count == 10 && epoch.count { [3, 8].contains($0) } == 5)
        let seldom = records(try plan([9, 1]), 0..<1)
        #expect(seldom.count { [3, 8].contains($0) } == 1)
        // Every file is heard, however small its weight.
        let hardly = records(try plan([1e5, 1]), 0..<1)
        #expect(hardly.count { [3, 8].contains($0) } == 1 && hardly.count == 10)
    }

    @Test("no record comes again before all others of its file have come")
    func passes() throws {
        let drawn = records(try plan(), 0..<8)
        let large = drawn.filter { ![3, 8].contains($0) }
        // 8 epochs of 5 are 5 passes over 8 records; 20 over 2.
        #expect(Dictionary(grouping: large) { $0 }.allSatisfy { $1.count == 5 })
        #expect(drawn.count { $0 == 3 } == 20 && drawn.count { $0 == 8 } == 20)
        // Within the first two epochs no record of the large file came three times.
        let early = records(try plan(), 0..<2).filter { ![3, 8].contains($0) }
        #expect(Dictionary(grouping: early) { $0 }.allSatisfy { $1.count <= 2 })
        #expect(Set(early).count == 8)
    }

    @Test("the order depends on seed and epoch alone")
    func determinism() throws {
        #expect(try records(plan(), 3..<4) == records(plan(), 3..<4))
        #expect(try records(plan(), 3..<4) != records(plan(), 4..<5))
        #expect(try records(plan(seed: 2), 3..<4) != records(plan(), 3..<4))
    }
}
