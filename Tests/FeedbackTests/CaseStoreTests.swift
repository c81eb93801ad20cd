import Testing

@testable import Feedback

struct CaseStoreTests {
    private let gout = CaseDraft(question: "A red toe?", answer: "Gout")

    @Test(arguments: StoreKind.allCases)
    func contentNamesACase(kind: StoreKind) async throws {
        let store = try kind.open()
        let item = try await store.cases.add(gout, actor: nil)
        #expect(item.id.hasPrefix("case-"))
        #expect(try await store.cases.find(item.id) == item)
        await #expect(throws: FeedbackError.duplicate("case", id: item.id)) {
            try await store.cases.add(gout, actor: nil)
        }
        await #expect(throws: FeedbackError.notFound("case", id: "none")) {
            try await store.cases.find("none")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func searchTakesTextLiterally(kind: StoreKind) async throws {
        let store = try kind.open()
        for question in ["50% of blood?", "50 mg of drug?", "A_B?", "AxB?", "Back\\slash?"] {
            _ = try await store.cases.add(
                CaseDraft(question: question, answer: "Gout"), actor: nil)
        }
        func found(_ query: String) async throws -> [String] {
            try await store.cases.page(query: query).cases.map(\.question)
        }
        #expect(try await found("0%") == ["50% of blood?"])
        #expect(try await found("a_b") == ["A_B?"])
        #expect(try await found("k\\s") == ["Back\\slash?"])
        #expect(try await found("'; DROP TABLE clinicalCase; --").isEmpty)
        await #expect(throws: FeedbackError.self) {
            try await found(String(repeating: "x", count: 1001))
        }
        let page = try await store.cases.page(offset: 1, limit: 2)
        #expect(page.total == 5)
        #expect(page.cases.map(\.question) == ["AxB?", "A_B?"])
    }

    @Test(arguments: StoreKind.allCases)
    func listsCountWorkDone(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, _) = try await world.sample(["one", "two"], of: item)
        _ = try await world.sample(["three"], of: item)
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        try await world.rank(sampling.id, by: world.ann, [2, 1], revision: 1)
        try await world.rank(sampling.id, by: world.bob, [1, 2])
        let summary = try await world.store.cases.page().cases.first
        #expect(summary?.samplings == 2)
        #expect(summary?.rankings == 2)
    }

    @Test(arguments: StoreKind.allCases)
    func aJudgedCaseStays(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(["one", "two"], of: item)
        try await world.rank(sampling.id, by: world.ann, [1, 2])
        await #expect(throws: FeedbackError.inUse("case", id: item.id)) {
            try await world.store.cases.delete(item.id, actor: world.admin)
        }
        let other = try await world.addCase(2)
        let (_, answers) = try await world.sample(["one"], of: other)
        _ = try await world.store.records.record(
            traceID: answers[0].id, preferredResponse: "one", kind: .accept, by: world.ann)
        await #expect(throws: FeedbackError.inUse("case", id: other.id)) {
            try await world.store.cases.delete(other.id, actor: world.admin)
        }
        #expect(try await world.store.samplings.trace(traces[0].id).text == "one")
    }

    @Test(arguments: StoreKind.allCases)
    func anUnjudgedCaseGoesWithItsSamplings(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let (sampling, traces) = try await world.sample(["one", "two"], of: item)
        _ = try await world.store.rankings.sheet(sampling.id, for: world.ann)
        _ = try await world.store.assignments.assign(overlap: 2, actor: world.admin)
        try await world.store.cases.delete(item.id, actor: world.admin)
        await #expect(throws: FeedbackError.notFound("sampling", id: "\(sampling.id)")) {
            try await world.store.samplings.find(sampling.id)
        }
        await #expect(throws: FeedbackError.notFound("trace", id: "\(traces[0].id)")) {
            try await world.store.samplings.trace(traces[0].id)
        }
        #expect(try await world.store.assignments.all().isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func aCaseStaysWhileItIsSampled(kind: StoreKind) async throws {
        let world = try await World(kind)
        let item = try await world.addCase()
        let request = SamplingRequest(
            caseID: item.id, prompt: item.messages, versionID: world.base, wanted: 1,
            schedule: SamplingSchedule(), verify: true)
        _ = try await world.store.samplings.create(request, actor: world.ann)
        await #expect(
            throws: FeedbackError.wrongState("case", id: item.id, reason: "is being sampled")
        ) {
            try await world.store.cases.delete(item.id, actor: world.admin)
        }
    }

    @Test func oneInFiveIsHeldOut() {
        // 10000 hashes: 2000 on average with a standard deviation of 40.
        let count = (0..<10_000).count { HeldOut.contains("case \($0)") }
        #expect((1800...2200).contains(count))
    }

    @Test func thePromptHasOneOptionALine() async throws {
        let world = try await World(.memory)
        let messages = try await world.addCase().messages
        #expect(messages.map(\.role) == ["user"])
        #expect(
            messages.first?.content == """
                Patient 1: what is it?
                A. Asthma
                B. Bronchitis

                Name the key findings in one sentence, then end with "Answer: <letter>. \
                <diagnosis>".
                """)
    }
}
