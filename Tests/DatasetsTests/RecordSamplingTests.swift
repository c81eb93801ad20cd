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
                sampling: RecordSampling(files: groups, weights: weights)))
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

    /// "a" is asked six times and answered yes once; "b", "c" ... of another file are asked once.
    private func balanced(_ weights: [Double]) throws -> BatchPlan {
        let asked = ["a", "a", "a", "a", "a", "a", "b", "c", "d", "e", "f", "g"]
        let kinds = asked.enumerated().map { (question: $1, answer: $0 == 0 ? "yes" : "no") }
        return try BatchPlan(
            lengths: asked.map { _ in 4 },
            configuration: BatchConfiguration(
                batchSize: 5,
                sampling: RecordSampling(
                    files: asked.map { $0 == "a" ? 0 : 1 }, weights: weights, kinds: kinds)))
    }

    @Test("answers come equally often, and files keep their shares")
    func balance() throws {
        let even = records(try balanced([1, 1]), 0..<4)
        #expect(even.count { $0 == 0 } == 12 && even.count { (1..<6).contains($0) } == 12)
        // Each of the five "no" has come before one comes three times.
        let counts = Dictionary(grouping: even.filter { (1..<6).contains($0) }) { $0 }
        #expect(counts.count == 5 && counts.allSatisfy { (2...3).contains($1.count) })
        #expect((6..<12).allSatisfy { record in even.count { $0 == record } == 4 })
        // Questions asked once do not take more than their file's share.
        let seldom = records(try balanced([2, 1]), 0..<3)
        #expect(seldom.count { $0 >= 6 } == 12 && seldom.count { $0 == 0 } == 12)
        #expect((6..<12).allSatisfy { record in seldom.count { $0 == record } == 2 })
    }

    /// Three answers of seven records: 3, 2, 2, and the odd one goes round.
    @Test("what does not divide goes round")
    func remainders() throws {
        let answers = ["x", "x", "x", "x", "y", "y", "z"]
        let plan = try BatchPlan(
            lengths: answers.map { _ in 4 },
            configuration: BatchConfiguration(
                batchSize: 7,
                sampling: RecordSampling(
                    files: answers.map { _ in 0 }, weights: [1],
                    kinds: answers.map { (question: "q", answer: $0) })))
        let drawn = records(plan, 0..<3).map { answers[$0] }
        #expect(["x", "y", "z"].map { answer in drawn.count { $0 == answer } } == [7, 7, 7])
    }

    @Test("the order depends on seed and epoch alone")
    func determinism() throws {
        #expect(try records(plan(), 3..<4) == records(plan(), 3..<4))
        #expect(try records(plan(), 3..<4) != records(plan(), 4..<5))
        #expect(try records(plan(seed: 2), 3..<4) != records(plan(), 3..<4))
    }
}
