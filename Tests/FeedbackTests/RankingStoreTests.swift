import Records
import Testing

@testable import Feedback

struct RankingStoreTests {
    @Test(arguments: StoreKind.allCases)
    func theOrderIsDrawnOnceForEachRater(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(
            (1...8).map { "trace \($0)" }, of: item)
        let first = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        #expect(Set(first.traces) == Set(traces))
        #expect(first.clinicalCase == item)
        #expect(first.ranking == nil)
        let again = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        #expect(again.traces == first.traces)
        // Twenty orders of eight traces are all alike once in 40320 ^ 19.
        var orders: Set<[Int64]> = []
        for number in 1...20 {
            let account = try await world.store.accounts.create(
                name: "rater \(number)", role: .expert, passwordHash: "hash", actor: nil
            ).id
            let sheet = try await world.store.rankings.sheet(sampling.id, for: account)
            orders.insert(sheet.traces.map(\.id))
        }
        #expect(orders.count > 1)
        let ranking = try await world.rank(sampling.id, by: world.ann, Array(1...8))
        #expect(ranking.shownOrder == first.traces.map(\.id))
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsNotReadyIsNotShown(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (single, _) = try await world.sample(["one"], of: item)
        await #expect(
            throws: FeedbackError.wrongState(
                "sampling", id: "\(single.id)", reason: "has nothing to compare")
        ) {
            try await world.store.rankings.sheet(single.id, for: world.ann)
        }
        let request = SamplingRequest(
            caseID: item.id, prompt: item.messages, versionID: world.base, wanted: 2,
            schedule: SamplingSchedule(), verify: true)
        let queued = try await world.store.samplings.create(request, actor: nil).id
        await #expect(
            throws: FeedbackError.wrongState(
                "sampling", id: "\(queued)", reason: "is being sampled")
        ) {
            try await world.store.rankings.sheet(queued, for: world.ann)
        }
        let (sampling, _) = try await world.sample(["one", "two"], of: item)
        let unseen = RankingSubmission(revision: 0, ranks: [:], unacceptable: true)
        await #expect(throws: FeedbackError.self) {
            try await world.store.rankings.submit(
                unseen, samplingID: sampling.id, by: world.ann)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aSubmitThrowsTheDraftAway(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, _) = try await world.sample(["one", "two"], of: try await world.addCase())
        let (drafts, key) = (world.store.drafts, Draft.ofRanking(sampling.id))
        for account in [world.ann, world.bob] {
            _ = try await drafts.put("{}", key: key, account: account)
        }
        await #expect(throws: FeedbackError.self) {
            try await world.rank(sampling.id, by: world.ann, [1, 9])
        }
        #expect(try await drafts.find(key, account: world.ann) != nil)
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        #expect(try await drafts.find(key, account: world.ann) == nil)
        #expect(try await drafts.find(key, account: world.bob) != nil)
    }

    @Test(arguments: StoreKind.allCases)
    func manyAtOnceDoNotMeet(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, traces) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        var raters: [Int64] = []
        for number in 1...30 {
            let rater = try await world.store.accounts.create(
                name: "rater \(number)", role: .expert, passwordHash: "hash", actor: nil)
            _ = try await world.store.rankings.sheet(sampling.id, for: rater.id)
            raters.append(rater.id)
        }
        let ranks = ByTrace([traces[0].id: 1, traces[1].id: 2])
        // Everybody twice, the same revision: one of the two is refused.
        let stored = await withTaskGroup(of: Ranking?.self) { group in
            for rater in raters + raters {
                group.addTask {
                    try? await world.store.rankings.submit(
                        RankingSubmission(revision: 0, ranks: ranks, reason: "of \(rater)"),
                        samplingID: sampling.id, by: rater)
                }
            }
            return await group.reduce(into: [Ranking]()) { all, one in
                if let one { all.append(one) }
            }
        }
        let found = try await world.store.rankings.ofSampling(sampling.id)
        #expect(found == stored.sorted { $0.id < $1.id })
        #expect(Set(found.map(\.accountID)) == Set(raters))
        #expect(found.allSatisfy { $0.revision == 1 && $0.reason == "of \($0.accountID)" })
        #expect(try await world.store.audit.verify().fault == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func everyRevisionIsKept(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, traces) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        let first = try await world.rank(sampling.id, by: world.ann, [1, 2])
        let second = try await world.rank(sampling.id, by: world.ann, [1, 1], revision: 1)
        #expect([first.revision, second.revision] == [1, 2])
        #expect(second.ranks[traces[1].id] == 1)
        let rankings = world.store.rankings
        #expect(try await rankings.revisions(sampling.id, by: world.ann) == [first, second])
        #expect(try await rankings.find(sampling.id, by: world.ann) == second)
        #expect(try await rankings.ofSampling(sampling.id) == [second])
        await #expect(throws: FeedbackError.staleRevision(seen: 1, current: 2)) {
            try await world.rank(sampling.id, by: world.ann, [2, 1], revision: 1)
        }
        await #expect(throws: FeedbackError.staleRevision(seen: 3, current: 2)) {
            try await world.rank(sampling.id, by: world.ann, [2, 1], revision: 3)
        }
        #expect(try await rankings.all() == [second])
        for sql in ["UPDATE rankingRevision SET ranks = '{}'", "DELETE FROM rankingRevision"] {
            await #expect(throws: (any Error).self) {
                try await world.store.database.writer.write { try $0.execute(sql: sql) }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func twoExpertsOnOneCaseDoNotOverwriteEachOther(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        for account in [world.ann, world.bob] {
            _ = try await world.store.rankings.sheet(sampling.id, for: account)
        }
        try await withThrowingTaskGroup { group in
            for (account, ranks) in [(world.ann, [1, 2]), (world.bob, [2, 1])] {
                group.addTask {
                    for revision in 0..<20 {
                        try await world.rank(
                            sampling.id, by: account, ranks, revision: revision)
                    }
                }
            }
            try await group.waitForAll()
        }
        for (account, ranks) in [(world.ann, [1, 2]), (world.bob, [2, 1])] {
            let revisions = try await world.store.rankings.revisions(sampling.id, by: account)
            #expect(revisions.map(\.revision) == Array(1...20))
            #expect(
                revisions.allSatisfy { ranking in
                    ranking.ranks.values.sorted { $0.key < $1.key }.map(\.value) == ranks
                })
        }
    }

    @Test(arguments: StoreKind.allCases)
    func ofSubmissionsAtOnceOneWins(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        _ = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (try? await world.rank(sampling.id, by: world.ann, [1, 2])) != nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.self) == 1)
        let revisions = try await world.store.rankings.revisions(sampling.id, by: world.ann)
        #expect(revisions.count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func everythingSubmittedIsReadBack(kind: StoreKind) async throws {
        let world = try await World(kind)
        let (sampling, traces) = try await world.sample(
            ["naïve 🫀 text", "two"], of: try await world.addCase())
        _ = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        // In UTF-16 the first text has 13 code units: the heart is two.
        let span = Ranking.Span(
            traceID: traces[0].id, start: 6, end: 13, kind: "fact", note: "not so")
        let submission = RankingSubmission(
            revision: 0, ranks: [traces[0].id: 2, traces[1].id: 1],
            axes: [traces[0].id: Ranking.Axes(correctness: 1, bias: 5)],
            reason: "the second \"names\" the sign", spans: [span], seconds: 41.5)
        let stored = try await world.store.rankings.submit(
            submission, samplingID: sampling.id, by: world.ann)
        #expect(stored.ranks == submission.ranks)
        #expect(stored.axes == submission.axes)
        #expect(stored.reason == submission.reason)
        #expect(stored.spans == submission.spans)
        #expect(stored.seconds == 41.5)
        #expect(try await world.store.rankings.find(sampling.id, by: world.ann) == stored)
    }

    @Test func refusesWhatCannotBe() async throws {
        let world = try await World(.memory)
        let (sampling, traces) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        let (a, b) = (traces[0].id, traces[1].id)
        _ = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        func refused(_ change: (inout RankingSubmission) -> Void) async -> String? {
            var submission = RankingSubmission(revision: 0, ranks: [a: 1, b: 2])
            change(&submission)
            do throws(FeedbackError) {
                _ = try await world.store.rankings.submit(
                    submission, samplingID: sampling.id, by: world.ann)
                return nil
            } catch {
                if case .invalid(let field, _) = error { return field }
                return "\(error)"
            }
        }
        func span(_ start: Int, _ end: Int, of trace: Int64) -> Ranking.Span {
            Ranking.Span(traceID: trace, start: start, end: end, kind: "", note: "")
        }
        #expect(await refused { $0.ranks = [a: 1] } == "ranks")
        #expect(await refused { $0.ranks = [a: 1, b: 2, 99: 3] } == "ranks")
        #expect(await refused { $0.ranks = [a: 1, b: 3] } == "ranks")
        #expect(await refused { $0.ranks = [a: 0, b: 1] } == "ranks")
        #expect(await refused { $0.axes = [99: Ranking.Axes()] } == "axes")
        #expect(await refused { $0.axes = [a: Ranking.Axes(harm: 6)] } == "axes")
        #expect(await refused { $0.spans = [span(0, 4, of: a)] } == "spans")
        #expect(await refused { $0.spans = [span(2, 2, of: a)] } == "spans")
        #expect(await refused { $0.spans = [span(0, 1, of: 99)] } == "spans")
        #expect(await refused { $0.seconds = .infinity } == "seconds")
        #expect(await refused { $0.revision = -1 } == "revision")
        #expect(await refused { $0.reason = "\u{0}" } == "reason")
        #expect(await refused { ($0.ranks, $0.unacceptable) = ([:], true) } == nil)
    }

    @Test func ranksByTraceAreAnObjectInJSON() throws {
        let ranks: ByTrace<Int> = [7: 1, 12: 2]
        #expect(try CanonicalJSON.text(ranks) == #"{"12":2,"7":1}"#)
        let read = JSONValue.object(["12": .integer(2), "7": .integer(1)])
        #expect(try read.decoded(as: ByTrace<Int>.self) == ranks)
        #expect(throws: DecodingError.self) {
            try JSONValue.object(["x": .integer(2)]).decoded(as: ByTrace<Int>.self)
        }
    }
}
