import Testing

@testable import Feedback

struct AgreementReportTests {
    @Test(arguments: StoreKind.allCases)
    func twoRatersOfThreeTraces(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, _) = try await world.sample(["one", "two", "three"], of: item)
        _ = try await world.store.assignments.assign(
            overlap: 1, raters: [world.bob], actor: world.admin)
        try await world.rank(sampling.id, by: world.ann, [1, 2, 3])
        try await world.rank(sampling.id, by: world.bob, [1, 3, 2])
        let report = try await AgreementReport.make(world.store)
        #expect(report.raters.map(\.name) == ["ann", "bob"])
        #expect(report.raters.map(\.assigned) == [0, 1])
        #expect(report.raters.map(\.judged) == [1, 1])
        // Doubled mid-ranks 2 4 6 and 2 6 4. Squared differences seen: 0 + 4 + 4 over 3 items;
        // expected: each rating has a third, (4 * 4 + 2 * 16) / 9. 1 - (8 / 3) / (48 / 9) = 0.5.
        let pair = try #require(report.cohen.first)
        #expect([pair.a, pair.b] == [world.ann, world.bob])
        #expect(pair.cases == 1)
        #expect(abs(try #require(pair.kappa) - 0.5) < 1e-12)
        #expect(try #require(pair.low) <= 0.5)
        // One item of three has both ratings alike, as chance has: 1/3 against 3 * (1/3)^2.
        #expect(abs(try #require(report.fleiss?.value)) < 1e-12)
        #expect(report.fleiss?.raters == 2)
        // Each value twice, so neighbours are 2 apart and the ends 4, squared 4 and 16.
        // Seen: two items with 2 * 4 each; expected: 2 * 4 * (4 + 4 + 16).
        // alpha = 1 - 5 * 16 / 192 = 7 / 12.
        #expect(abs(try #require(report.krippendorff?.value) - 7.0 / 12) < 1e-12)
        #expect(report.krippendorff?.items == 3)
        // Of the three pairs of traces the last one is the other way round.
        #expect(report.disagreements.map(\.caseID) == [item.id])
        #expect(abs(report.disagreements[0].spread - 1.0 / 3) < 1e-12)
        #expect(report.overTime.map(\.date) == ["2026-11-21"])
    }

    @Test func agreementIsFollowedFromDayToDay() async throws {
        let world = try await World(.memory)
        let item = try await world.addCase()
        for (index, ranks) in [[1, 2], [2, 1]].enumerated() {
            let (sampling, _) = try await world.sample(["one", "two"], of: item)
            try await world.rank(sampling.id, by: world.ann, [1, 2])
            try await world.rank(sampling.id, by: world.bob, ranks)
            if index == 0 { world.clock.advance(seconds: 86_400) }
        }
        let report = try await AgreementReport.make(world.store)
        #expect(report.overTime.map(\.date) == ["2026-11-21", "2026-11-22"])
        #expect(report.overTime[0].alpha == 1)
        // Second day: ratings 2 2, 4 4, 2 4, 4 2, each value four times of eight. One distance d:
        // seen 2 items with 2 d, expected 2 * 16 d. alpha = 1 - 7 * 4 / 32 = 1 / 8.
        #expect(abs(report.overTime[1].alpha - 0.125) < 1e-12)
        #expect(report.disagreements.map(\.spread) == [1])
    }

    @Test func tiesShareTheirPlaces() async throws {
        let world = try await World(.memory)
        let (sampling, traces) = try await world.sample(
            ["a", "b", "c", "d"], of: try await world.addCase())
        let ranking = try await world.rank(sampling.id, by: world.ann, [1, 3, 3, 4])
        // Places 1, 2 and 3 shared, 4: doubled 2, 5, 5, 8.
        #expect(traces.map { ranking.doubledMidRanks[$0.id] } == [2, 5, 5, 8])
    }

    @Test func callingEverythingUnacceptableIsADisagreementButNoRating() async throws {
        let world = try await World(.memory)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        try await world.rank(sampling.id, by: world.bob, [1, 2], unacceptable: true)
        let report = try await AgreementReport.make(world.store)
        #expect(report.cohen.isEmpty)
        #expect(report.krippendorff == nil)
        #expect(report.fleiss == nil)
        #expect(report.disagreements.map(\.spread) == [1])
    }

    @Test func nothingJudgedIsAnEmptyReport() async throws {
        let report = try await AgreementReport.make(try await World(.memory).store)
        #expect(report.raters.isEmpty)
        #expect(report.disagreements.isEmpty)
        #expect(report.krippendorff == nil)
    }
}
