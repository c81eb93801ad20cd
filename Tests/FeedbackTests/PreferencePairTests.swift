import Testing

@testable import Feedback

struct PreferencePairTests {
    /// Three raters of three traces, better first: Ann 1 2 3, Bob 1 then 2 and 3 equal, Cat 2 1 3.
    private func judged(_ kind: StoreKind, texts: [String] = ["one", "two", "three"]) async throws
        -> (World, [Trace])
    {
        let world = try await World(kind)
        let (sampling, traces) = try await world.sample(texts, of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2, 3])
        try await world.rank(sampling.id, by: world.bob, [1, 2, 2])
        try await world.rank(sampling.id, by: world.admin, [2, 1, 3])
        return (world, traces)
    }

    @Test(arguments: StoreKind.allCases)
    func agreementIsTheShareWhoSayWhichIsBetter(kind: StoreKind) async throws {
        let (world, traces) = try await judged(kind)
        let pairs = try await world.store.datasets.pairs()
        // One before two: Ann and Bob. One before three: all. Two before three: Ann and Cat, Bob
        // has a tie.
        #expect(pairs.map(\.chosen) == ["one", "one", "two"])
        #expect(pairs.map(\.rejected) == ["two", "three", "three"])
        #expect(pairs.map(\.agreement) == [2.0 / 3, 1, 2.0 / 3])
        #expect(pairs.allSatisfy { $0.raters == 3 && !$0.heldOut })
        #expect(pairs[0].chosenTrace == traces[0].id)
        #expect(pairs[0].judgementIDs == ["ranking/1", "ranking/2", "ranking/3"])
        let strict = try await world.store.datasets.pairs(agreementLevel: 0.7)
        #expect(strict.map(\.agreement) == [1])
    }

    @Test(arguments: StoreKind.allCases)
    func whatTooFewAgreeOnIsInNoTrainingFile(kind: StoreKind) async throws {
        let (world, _) = try await judged(kind)
        // Of the three pairs of the test before, one has the agreement of all three raters, two
        // that of two. A pair is left out or in as it is: no weight stands in the file.
        for (level, count) in [(0.5, 3), (0.66, 3), (0.67, 1), (1, 1)] {
            let file = try await world.store.datasets.build(.preference, agreementLevel: level)
            #expect(file.count == count, "\(level)")
            #expect(!file.lines.joined().contains("weight"))
        }
        let strict = try await world.store.datasets.build(.preference, agreementLevel: 0.67)
        #expect(strict.lines[0].contains(#""chosen":[{"content":"one""#))
        #expect(strict.lines[0].contains(#""rejected":[{"content":"three""#))
    }

    @Test func halfTheRatersAreNoMajority() async throws {
        let world = try await World(.memory)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        #expect(try await world.store.datasets.pairs().count == 1)
        try await world.rank(sampling.id, by: world.bob, [2, 1])
        #expect(try await world.store.datasets.pairs().isEmpty)
        // The latest revision counts.
        try await world.rank(sampling.id, by: world.bob, [1, 2], revision: 1)
        #expect(try await world.store.datasets.pairs().map(\.agreement) == [1])
    }

    @Test func whoFindsEverythingUnacceptableHasNoOrder() async throws {
        let world = try await World(.memory)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2], unacceptable: true)
        #expect(try await world.store.datasets.pairs().isEmpty)
        try await world.rank(sampling.id, by: world.bob, [1, 2])
        let pairs = try await world.store.datasets.pairs()
        #expect(pairs.map(\.raters) == [1])
        #expect(pairs.map(\.agreement) == [1])
        #expect(pairs.map(\.judgementIDs) == [["ranking/2"]])
    }

    @Test func equalTextsMakeNoPair() async throws {
        let (world, _) = try await judged(.memory, texts: ["same", "same", "other"])
        let pairs = try await world.store.datasets.pairs()
        #expect(pairs.map(\.rejected) == ["other", "other"])
    }

    @Test(arguments: StoreKind.allCases)
    func labelsAreTheMajorityOfBestAndWorst(kind: StoreKind) async throws {
        let (world, _) = try await judged(kind)
        let lines = try await world.store.datasets.build(.labelled).lines
        // One: best for Ann and Bob. Two: worst for Bob, best for Cat. Three: worst for all.
        #expect(lines.count == 2)
        #expect(lines[0].contains(#""content":"one","role":"assistant"}],"label":true"#))
        #expect(lines[1].contains(#""content":"three","role":"assistant"}],"label":false"#))
    }

    @Test func labelsOfWhatIsUnacceptableAndEdited() async throws {
        let world = try await World(.memory)
        let (sampling, _) = try await world.sample(
            ["one", "two"], of: try await world.addCase())
        try await world.rank(sampling.id, by: world.ann, [1, 2], unacceptable: true)
        let (_, answers) = try await world.sample(["yes", "nearly"], of: nil)
        _ = try await world.store.records.record(
            traceID: answers[0].id, preferredResponse: "yes", kind: .accept, by: world.ann)
        _ = try await world.store.records.record(
            traceID: answers[1].id, preferredResponse: "exactly", kind: .edit, by: world.ann)
        let labelled = try await world.store.datasets.build(.labelled)
        let labels = try labelled.lines.map { line in
            let json = try CanonicalJSON.value(line)
            let text = json["completion"]?.array?.first?["content"]?.string ?? ""
            return "\(text) \(json["label"]?.bool == true)"
        }
        #expect(labels == ["one false", "two false", "yes true", "exactly true", "nearly false"])
        #expect(labelled.judgementIDs == ["ranking/1", "feedback/1", "feedback/2"])
    }

    @Test(arguments: StoreKind.allCases)
    func heldOutCasesTrainNothing(kind: StoreKind) async throws {
        let world = try await World(kind)
        for (number, heldOut) in [(1, false), (2, true)] {
            let item = try await world.addCase(number, heldOut: heldOut)
            let (sampling, traces) = try await world.sample(
                ["good \(number)", "bad \(number)"], of: item)
            try await world.rank(sampling.id, by: world.ann, [1, 2])
            _ = try await world.store.records.record(
                traceID: traces[0].id, preferredResponse: "best \(number)", kind: .edit,
                by: world.ann)
        }
        for datasetKind in JudgementDataset.Kind.allCases {
            let training = try await world.store.datasets.build(datasetKind)
            #expect(training.count > 0)
            #expect(!training.lines.joined().contains(" 2"))
            let evaluation = try await world.store.datasets.build(datasetKind, heldOut: true)
            #expect(evaluation.count == training.count)
            #expect(!evaluation.lines.joined().contains(" 1"))
        }
        #expect(try await world.store.datasets.pairs(heldOut: true).map(\.chosen) == ["good 2"])
        #expect(try await world.store.datasets.pairs().count == 2)
    }
}
