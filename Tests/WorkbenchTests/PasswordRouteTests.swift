import Feedback
import Foundation
import Records
import TestSupport
import Testing

@testable import Web
@testable import Workbench

/// Changing one's own password.
struct PasswordRouteTests {
    private static let path = "/api/password"
    private static let chosen = "another long password"

    private static func body(_ present: String, _ new: String = chosen) -> String {
        "{\"present\":\"\(present)\",\"new\":\"\(new)\"}"
    }

    private static func credentials(_ password: String) -> String {
        "{\"name\":\"Eve\",\"password\":\"\(password)\"}"
    }

    @Test func theNewPasswordHoldsAndOtherSessionsEnd() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let other = try await client.post(
                "/api/login", as: nil, Self.credentials(Bench.password))
            let cookie = try #require(other.header("Set-Cookie"))
            let token = try #require(
                cookie.split(separator: ";").first?.split(separator: "=").last)
            let elsewhere = Bench.Person(
                account: bench.expert.account, token: String(token), csrf: "")
            #expect(try await client.get("/api/session", as: elsewhere).status == 200)

            let reply = try await client.post(
                Self.path, as: bench.expert, Self.body(Bench.password))
            #expect(reply.status == 200, "\(reply.text)")
            #expect(reply.json["sessionsEnded"] == .integer(1))
            #expect(try await client.get("/api/session", as: bench.expert).status == 200)
            #expect(try await client.get("/api/session", as: elsewhere).status == 401)
            #expect(try await client.get("/api/session", as: bench.viewer).status == 200)

            let old = try await client.post(
                "/api/login", as: nil, Self.credentials(Bench.password))
            #expect(old.status == 401)
            let new = try await client.post("/api/login", as: nil, Self.credentials(Self.chosen))
            #expect(new.status == 200)
        }
        let entries = try await bench.store.audit.page()
        let entry = try #require(entries.first { $0.action == "account.password" })
        #expect(entry.account == bench.expert.account.id)
        #expect(entry.subject == "account/\(bench.expert.account.id)")
        #expect(entry.detail["sessionsEnded"] == .integer(1))
    }

    @Test func aWrongPresentPasswordChangesNothing() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.post(
                Self.path, as: bench.expert, Self.body("not the password"))
            // Not 401: the session holds, and pages do not lead to the log-in.
            #expect(reply.status == 403)
            #expect(reply.code == "password")
            let login = try await client.post(
                "/api/login", as: nil, Self.credentials(Bench.password))
            #expect(login.status == 200)
        }
        let actions = try await bench.store.audit.page().map(\.action)
        #expect(actions.contains("account.refuse"))
        #expect(!actions.contains("account.password"))
    }

    @Test func guessingIsSlowedDown() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for _ in 0..<5 {
                let reply = try await client.post(
                    Self.path, as: bench.expert, Self.body("not the password"))
                #expect(reply.status == 403)
            }
            let right = Self.body(Bench.password)
            let refused = try await client.post(Self.path, as: bench.expert, right)
            #expect(refused.status == 429)
            #expect(refused.header("Retry-After") == "1")
            bench.clock.advance(bySeconds: 1)
            #expect(try await client.post(Self.path, as: bench.expert, right).status == 200)
        }
    }

    @Test(arguments: [
        PasswordRouteTests.body(Bench.password, "elevenchars"),
        PasswordRouteTests.body(Bench.password, Bench.password), PasswordRouteTests.body(""),
        "{\"new\":\"another long password\"}",
    ])
    func badChoicesAreRefused(body: String) async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.post(Self.path, as: bench.expert, body)
            #expect(reply.status == 422, "\(reply.text)")
        }
    }

    @Test func aPasswordChangedMeanwhileStays() async throws {
        let bench = try await Bench()
        let id = bench.expert.account.id
        await #expect(throws: FeedbackError.self) {
            try await bench.store.accounts.changePassword(
                of: id, from: "an older hash", to: "a new hash", keeping: "")
        }
        #expect(try await bench.store.accounts.secret(name: "Eve")?.passwordHash != "a new hash")
    }

    @Test func administratorsAreAskedForTheirOwnTooAndStreamsOfEndedSessionsEnd() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.send(
                .patch, "/api/accounts/\(bench.administrator.account.id)",
                as: bench.administrator, json: "{\"password\":\"\(Self.chosen)\"}")
            #expect(reply.status == 409)
        }
        let sessions = Sessions(
            accounts: bench.store.accounts, hasher: try PasswordHasher(logRounds: 2),
            throttle: LoginThrottle(), idleLimit: 60, sessionLimit: 60, now: { bench.clock.now })
        let login = try #require(try await sessions.resume(bench.expert.token))
        #expect(await sessions.isStillAllowed(login))
        try await sessions.logOut(login)
        #expect(await !sessions.isStillAllowed(login))
    }

    /// What the pages say and check is what the routes ask for.
    @Test func everyPageAsksForTheSameLengths() throws {
        let folder = TestFiles.root.appending(path: "Sources/Workbench/Resources/templates")
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let html = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for field in html.split(separator: "<input").dropFirst()
            where field.contains("type=\"password\"") {
                let tag = field.prefix { $0 != ">" }
                #expect(tag.contains("maxlength=\"1024\""), "\(name)")
                guard tag.contains("autocomplete=\"new-password\"") else { continue }
                #expect(tag.contains("minlength=\"12\""), "\(name)")
                #expect(html.contains("12 characters or more"), "\(name)")
                count += 1
            }
        }
        #expect(count == 6)
        #expect(Schema.newPassword == .text(12...1_024))
        #expect(Schema.password == .text(1...1_024))
    }
}
