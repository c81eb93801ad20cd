import Testing

@testable import Web

struct HostRuleTests {
    private let rule = HostRule(hosts: ["localhost", "127.0.0.1", "::1", "bench.example"])

    @Test(arguments: [
        "localhost", "LOCALHOST:8080", "127.0.0.1:9", "[::1]", "[::1]:8080", "bench.example:443",
    ])
    func accepts(authority: String) {
        #expect(rule.accepts(authority))
    }

    @Test(arguments: [
        nil, "", "evil.example", "localhost.evil.example", "evil.example:8080", "[::2]:80",
        "127.0.0.1.evil.example", "localhost@evil.example",
    ])
    func refuses(authority: String?) {
        #expect(!rule.accepts(authority))
    }
}
