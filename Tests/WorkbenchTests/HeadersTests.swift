import Testing

@testable import Workbench

struct HeadersTests {
    @Test(arguments: ["/health", "/api/session", "/nothing", "/login", "/static/base.css"])
    func everyReplyHasTheHeaders(path: String) async throws {
        try await Bench().run { client in
            let reply = try await client.get(path)
            let policy = try #require(reply.header("Content-Security-Policy"))
            #expect(policy.contains("default-src 'none'"))
            #expect(policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(reply.header("X-Content-Type-Options") == "nosniff")
            #expect(reply.header("Referrer-Policy") == "no-referrer")
            #expect(reply.header("X-Frame-Options") == "DENY")
            #expect(reply.header("Strict-Transport-Security") == nil)
        }
    }

    @Test func nothingOfTheAPIIsKept() async throws {
        let bench = try await Bench()
        try await bench.run { client in
            for path in ["/api/session", "/api/cases", "/api/export/state.jsonl"] {
                let reply = try await client.get(path, as: bench.expert)
                #expect(reply.status == 200)
                #expect(reply.header("Cache-Control") == "no-store")
            }
        }
    }
}
