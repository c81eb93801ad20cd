import Testing

@testable import Feedback

struct AccountStoreTests {
    @Test(arguments: StoreKind.allCases)
    func theSetUpTokenMakesOneAdministrator(kind: StoreKind) async throws {
        let store = try kind.open()
        #expect(try await store.accounts.issueSetup(tokenHash: "first"))
        #expect(try await store.accounts.issueSetup(tokenHash: "second"))
        for wrong in ["first", "other"] {
            await #expect(throws: FeedbackError.self) {
                try await store.accounts.redeemSetup(
                    tokenHash: wrong, name: "eve", passwordHash: "hash")
            }
        }
        // A name that is refused leaves the token as it was.
        await #expect(throws: FeedbackError.self) {
            try await store.accounts.redeemSetup(
                tokenHash: "second", name: " ", passwordHash: "hash")
        }
        let account = try await store.accounts.redeemSetup(
            tokenHash: "second", name: " admin ", passwordHash: "hash")
        #expect(account.name == "admin")
        #expect(account.role == .administrator)
        await #expect(throws: FeedbackError.self) {
            try await store.accounts.redeemSetup(
                tokenHash: "second", name: "eve", passwordHash: "hash")
        }
        #expect(try await !store.accounts.issueSetup(tokenHash: "third"))
        #expect(try await store.accounts.all() == [account])
    }

    @Test(arguments: StoreKind.allCases)
    func namesAreUniqueWhateverTheirCase(kind: StoreKind) async throws {
        let world = try await World(kind)
        await #expect(throws: FeedbackError.duplicate("account", id: "ANN")) {
            try await world.store.accounts.create(
                name: "ANN", role: .viewer, passwordHash: "hash", actor: world.admin)
        }
        let secret = try await world.store.accounts.secret(name: "Ann")
        #expect(secret?.account.id == world.ann)
        #expect(secret?.passwordHash == "hash")
        #expect(try await world.store.accounts.secret(name: "nobody") == nil)
        for name in ["", "a\nb", String(repeating: "n", count: 65)] {
            await #expect(throws: FeedbackError.self) {
                try await world.store.accounts.create(
                    name: name, role: .viewer, passwordHash: "hash", actor: world.admin)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func theLastAdministratorStays(kind: StoreKind) async throws {
        let world = try await World(kind)
        let accounts = world.store.accounts
        let refusal = FeedbackError.wrongState(
            "account", id: "\(world.admin)", reason: "is the last administrator")
        await #expect(throws: refusal) {
            try await accounts.change(world.admin, role: .expert, actor: world.admin)
        }
        await #expect(throws: refusal) {
            try await accounts.change(world.admin, disabled: true, actor: world.admin)
        }
        #expect(try await accounts.find(world.admin).role == .administrator)
        let ann = try await accounts.change(world.ann, role: .administrator, actor: world.admin)
        #expect(ann.role == .administrator)
        #expect(try await accounts.change(world.admin, disabled: true, actor: world.ann).disabled)
    }

    @Test(arguments: StoreKind.allCases)
    func sessionsEndWhenIdle(kind: StoreKind) async throws {
        let world = try await World(kind)
        let accounts = world.store.accounts
        let session = try await accounts.logIn(world.ann, tokenHash: "token", csrf: "csrf")
        // Ten minutes at a time for an hour, with a limit of a quarter: each request counts.
        for _ in 0..<6 {
            world.clock.advance(seconds: 600)
            let found = try await accounts.session(tokenHash: "token", idleLimit: 900)
            #expect(found?.account.id == world.ann)
            #expect(found?.session.csrf == "csrf")
        }
        #expect(session.createdAt.text == "2026-11-21T12:00:00.000Z")
        world.clock.advance(seconds: 901)
        #expect(try await accounts.session(tokenHash: "token", idleLimit: 900) == nil)
        // It has ended, not only been refused.
        #expect(try await accounts.session(tokenHash: "token", idleLimit: 9000) == nil)
        #expect(try await accounts.session(tokenHash: "other", idleLimit: 900) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func disablingAndANewPasswordLogOut(kind: StoreKind) async throws {
        let world = try await World(kind)
        let accounts = world.store.accounts
        func isIn(_ token: String) async throws -> Bool {
            try await accounts.session(tokenHash: token, idleLimit: 900) != nil
        }
        for token in ["a", "b"] {
            _ = try await accounts.logIn(world.ann, tokenHash: token, csrf: "csrf")
        }
        try await accounts.logOut(tokenHash: "a")
        #expect(try await !isIn("a"))
        #expect(try await isIn("b"))
        _ = try await accounts.change(world.ann, passwordHash: "new", actor: world.admin)
        #expect(try await !isIn("b"))
        #expect(try await accounts.secret(name: "ann")?.passwordHash == "new")
        _ = try await accounts.logIn(world.ann, tokenHash: "c", csrf: "csrf")
        _ = try await accounts.change(world.ann, disabled: true, actor: world.admin)
        #expect(try await !isIn("c"))
        await #expect(throws: FeedbackError.self) {
            try await accounts.logIn(world.ann, tokenHash: "d", csrf: "csrf")
        }
    }

    @Test func aFailedLogInIsNotedWithoutTheName() async throws {
        let world = try await World(.memory)
        try await world.store.accounts.noteFailedLogIn(name: "hunter2")
        let entry = try await world.store.audit.page(limit: 1).first
        #expect(entry?.action == "session.refuse")
        #expect(entry?.detail["name"]?.string?.count == 16)
        #expect(!"\(String(describing: entry))".contains("hunter2"))
    }
}
