import Feedback
import Testing

@testable import Web
@testable import Workbench

struct SetupTests {
    private static func body(_ token: String) -> String {
        "{\"token\":\"\(token)\",\"name\":\"Ada\",\"password\":\"a long password\"}"
    }

    /// A workbench without accounts, and its link.
    private static func fresh() async throws -> (application: WorkbenchApplication, link: String) {
        let store = FeedbackStore(try FeedbackDatabase.inMemory())
        let binding = try BindingPolicy(BindingPolicy.Options(), hasAccounts: false)
        var settings = WorkbenchSettings(binding: binding)
        settings.passwordLogRounds = 2
        let application = try WorkbenchApplication(
            services: WorkbenchServices(
                store: store, sampling: FakeSampling(store: store, events: []),
                updates: FakeUpdates(store: store), mathematics: FakeMathematics(store: store)),
            settings: settings)
        let link = try await SetupLink.issue(store.accounts, origin: binding.origin)
        return (application, try #require(link))
    }

    @Test func theLinkMakesOneAdministrator() async throws {
        let (application, link) = try await Self.fresh()
        #expect(link.hasPrefix("http://127.0.0.1:8080/setup?token="))
        let token = String(try #require(link.split(separator: "=").last))
        try await BenchClient.run(application) { client in
            #expect(try await client.post("/api/setup", as: nil, Self.body("wrong")).status == 404)
            let made = try await client.post("/api/setup", as: nil, Self.body(token))
            #expect(made.status == 201)
            #expect(made.json["user"]?["role"] == .string("administrator"))
            #expect(made.header("Set-Cookie") != nil)
            #expect(try await client.post("/api/setup", as: nil, Self.body(token)).status == 404)
        }
        let again = try await SetupLink.issue(
            application.services.store.accounts, origin: "http://x")
        #expect(again == nil)
    }

    @Test func aShortPasswordLeavesTheLinkValid() async throws {
        let (application, link) = try await Self.fresh()
        let token = String(try #require(link.split(separator: "=").last))
        try await BenchClient.run(application) { client in
            let short = "{\"token\":\"\(token)\",\"name\":\"Ada\",\"password\":\"short\"}"
            let refused = try await client.post("/api/setup", as: nil, short)
            #expect(refused.status == 422)
            #expect(refused.text.contains("password"))
            #expect(try await client.post("/api/setup", as: nil, Self.body(token)).status == 201)
        }
    }
}
