import Feedback
import Records
import Testing

@testable import Web
@testable import Workbench

struct SessionTests {
    private static func credentials(_ name: String, _ password: String) -> String {
        "{\"name\":\"\(name)\",\"password\":\"\(password)\"}"
    }

    @Test func logsInAndOut() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            let reply = try await client.post(
                "/api/login", as: nil, Self.credentials("eve", Bench.password))
            #expect(reply.status == 200)
            #expect(reply.json["user"]?["role"] == .string("expert"))
            let cookie = try #require(reply.header("Set-Cookie"))
            #expect(cookie.contains("HttpOnly"))
            #expect(cookie.contains("SameSite=Strict"))
            #expect(!cookie.contains("Secure"))
            let token = try #require(
                cookie.split(separator: ";").first?.split(separator: "=").last)
            let person = Bench.Person(
                account: bench.expert.account, token: String(token),
                csrf: try #require(reply.json["csrf"]?.string))
            #expect(try await client.get("/api/session", as: person).json["csrf"] != nil)
            let end = try await client.post("/api/logout", as: person)
            #expect(end.status == 204)
            #expect(end.header("Set-Cookie")?.contains("Max-Age=0") == true)
            #expect(try await client.get("/api/session", as: person).status == 401)
        }
    }

    @Test func theCookieIsSecureUnderTLS() async throws {
        var options = BindingPolicy.Options()
        (options.certificate, options.key) = ("c", "k")
        try await Bench(options: options).run { client in
            let reply = try await client.post(
                "/api/login", as: nil, Self.credentials("Eve", Bench.password))
            #expect(reply.header("Set-Cookie")?.contains("Secure") == true)
            #expect(reply.header("Strict-Transport-Security") != nil)
        }
    }

    @Test func allWrongLogInsLookTheSame() async throws {
        let bench = try await Bench()
        _ = try await bench.store.accounts.change(
            bench.viewer.account.id, disabled: true, actor: nil)
        try await bench.run { client in
            let unknown = try await client.post(
                "/api/login", as: nil, Self.credentials("nobody", Bench.password))
            let wrong = try await client.post(
                "/api/login", as: nil, Self.credentials("Eve", "wrong"))
            let disabled = try await client.post(
                "/api/login", as: nil, Self.credentials("Vic", Bench.password))
            #expect(unknown.status == 401)
            #expect(unknown.text == wrong.text)
            #expect(unknown.text == disabled.text)
        }
    }

    @Test func guessingIsSlowedDown() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for _ in 0..<5 {
                let reply = try await client.post(
                    "/api/login", as: nil, Self.credentials("Eve", "wrong"))
                #expect(reply.status == 401)
            }
            let body = Self.credentials("Eve", Bench.password)
            let refused = try await client.post("/api/login", as: nil, body)
            #expect(refused.status == 429)
            #expect(refused.header("Retry-After") == "1")
            bench.clock.advance(bySeconds: 1)
            #expect(try await client.post("/api/login", as: nil, body).status == 200)
        }
    }

    @Test func addressesAreCountedBehindAProxy() async throws {
        var options = BindingPolicy.Options()
        options.behindProxy = true
        try await Bench(options: options).run { client in
            for number in 0..<30 {
                _ = try await client.send(
                    .post, "/api/login", json: Self.credentials("n\(number)", "wrong"),
                    headers: ["X-Forwarded-For": "1.1.1.\(number), 9.9.9.9"])
            }
            let body = Self.credentials("Eve", Bench.password)
            let same = try await client.send(
                .post, "/api/login", json: body, headers: ["X-Forwarded-For": "9.9.9.9"])
            let other = try await client.send(
                .post, "/api/login", json: body, headers: ["X-Forwarded-For": "9.9.9.8"])
            #expect(same.status == 429)
            #expect(other.status == 200)
        }
    }

    @Test func endsWhenIdleAndWhenOld() async throws {
        let bench = try await Bench()
        try await bench.run { client async throws in
            bench.clock.advance(bySeconds: 3_000)
            #expect(try await client.get("/api/session", as: bench.expert).status == 200)
            bench.clock.advance(bySeconds: 3_000)
            #expect(try await client.get("/api/session", as: bench.expert).status == 200)
            bench.clock.advance(bySeconds: 3_700)
            #expect(try await client.get("/api/session", as: bench.expert).status == 401)
        }
        let old = try await Bench()
        try await old.run { client async throws in
            for _ in 0..<14 {
                old.clock.advance(bySeconds: 3_000)
                #expect(try await client.get("/api/session", as: old.expert).status == 200)
            }
            // 14 x 3000 = 42000 s; the limit is 43200 s.
            old.clock.advance(bySeconds: 1_300)
            #expect(try await client.get("/api/session", as: old.expert).status == 401)
        }
    }

    @Test func aChangedRoleHoldsAtOnce() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            #expect(try await client.get("/api/queue", as: bench.expert).status == 200)
            _ = try await bench.store.accounts.change(
                bench.expert.account.id, role: .viewer, actor: nil)
            #expect(try await client.get("/api/queue", as: bench.expert).status == 403)
        }
    }

    @Test func anInventedCookieIsNobody() async throws {
        let bench = try await Bench()
        let nobody = Bench.Person(
            account: bench.expert.account, token: "invented", csrf: bench.expert.csrf)
        try await bench.run { client async throws in
            #expect(try await client.get("/api/session", as: nobody).status == 401)
        }
    }
}
