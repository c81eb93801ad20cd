import Feedback
import Foundation
import Records

@testable import Web
@testable import Workbench

/// A workbench in memory with one account of each role.
struct Bench: Sendable {
    /// Somebody who is logged in.
    struct Person: Sendable {
        let account: Account
        let token: String
        let csrf: String
    }

    let clock = TestClock()
    let store: FeedbackStore
    let updates: FakeUpdates
    let application: WorkbenchApplication
    let administrator: Person
    let expert: Person
    let viewer: Person

    init(
        options: BindingPolicy.Options = BindingPolicy.Options(), events: [SamplingEvent] = []
    ) async throws {
        let clock = clock
        store = FeedbackStore(
            try FeedbackDatabase.inMemory(now: { clock.now }),
            images: ImageFolder(
                FileManager.default.temporaryDirectory
                    .appending(path: "preceptor-test-\(UUID().uuidString)")))
        _ = try await store.versions.ensureBase(model: "test")
        updates = FakeUpdates(store: store)
        var settings = WorkbenchSettings(
            binding: try BindingPolicy(options, hasAccounts: true))
        settings.passwordLogRounds = 2
        application = try WorkbenchApplication(
            services: WorkbenchServices(
                store: store, sampling: FakeSampling(store: store, events: events),
                updates: updates, mathematics: FakeMathematics(store: store),
                images: FakeImages(), overlays: FakeOverlays()),
            settings: settings)
        administrator = try await Self.person("Ada", .administrator, store)
        expert = try await Self.person("Eve", .expert, store)
        viewer = try await Self.person("Vic", .viewer, store)
    }

    /// The password of everybody.
    static let password = "a long password"

    func person(_ role: Account.Role) -> Person {
        switch role {
        case .administrator: administrator
        case .expert: expert
        case .viewer: viewer
        }
    }

    /// Runs requests against the routes, without sockets.
    func run(_ body: @Sendable (BenchClient) async throws -> Void) async throws {
        try await BenchClient.run(application, body)
    }

    private static func person(
        _ name: String, _ role: Account.Role, _ store: FeedbackStore
    ) async throws -> Person {
        let hash = try PasswordHash(of: password, logRounds: 2).text
        let account = try await store.accounts.create(
            name: name, role: role, passwordHash: hash, actor: nil)
        let token = SecretBytes.token()
        let session = try await store.accounts.logIn(
            account.id, tokenHash: SecretBytes.hash(of: token), csrf: SecretBytes.token())
        return Person(account: account, token: token, csrf: session.csrf)
    }
}
