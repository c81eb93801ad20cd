import Testing

@testable import Feedback

struct DraftStoreTests {
    @Test(arguments: StoreKind.allCases)
    func aDraftIsReplacedAndBelongsToOneAccount(kind: StoreKind) async throws {
        let world = try await World(kind)
        let drafts = world.store.drafts
        _ = try await drafts.put(#"{"reason":"a"}"#, key: "rank/1", account: world.ann)
        world.clock.advance(seconds: 5)
        let second = try await drafts.put(#"{"reason":"b"}"#, key: "rank/1", account: world.ann)
        #expect(try await drafts.find("rank/1", account: world.ann) == second)
        #expect(second.updatedAt.text == "2026-11-21T12:00:05.000Z")
        #expect(try await drafts.find("rank/1", account: world.bob) == nil)
        try await drafts.delete("rank/1", account: world.bob)
        #expect(try await drafts.find("rank/1", account: world.ann) == second)
        try await drafts.delete("rank/1", account: world.ann)
        #expect(try await drafts.find("rank/1", account: world.ann) == nil)
    }

    @Test(arguments: [
        ("", "{}"), ("key", ""), ("key", "{"), ("key", "[1] 2"),
        ("key", "\"" + String(repeating: "x", count: DraftStore.limit) + "\""),
        (String(repeating: "k", count: 201), "{}"),
    ])
    func refusesWhatIsNotADraft(key: String, body: String) async throws {
        let world = try await World(.memory)
        await #expect(throws: FeedbackError.self) {
            try await world.store.drafts.put(body, key: key, account: world.ann)
        }
    }
}
