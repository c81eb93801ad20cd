import Testing

@testable import Web

struct BindingPolicyTests {
    private func options(
        share: String? = nil, tls: Bool = false, proxy: Bool = false, names: [String] = []
    ) -> BindingPolicy.Options {
        var options = BindingPolicy.Options()
        options.share = share
        options.certificate = tls ? "cert.pem" : nil
        options.key = tls ? "key.pem" : nil
        options.behindProxy = proxy
        options.names = names
        return options
    }

    @Test func staysOnThisMachine() throws {
        let policy = try BindingPolicy(options(), hasAccounts: false)
        #expect(policy.host == "127.0.0.1")
        #expect(policy.transport == .plain)
        #expect(!policy.isSecure)
        #expect(policy.hosts == ["localhost", "127.0.0.1", "::1"])
        #expect(policy.origin == "http://127.0.0.1:8080")
    }

    @Test func sharesWithACertificate() throws {
        let policy = try BindingPolicy(
            options(share: "0.0.0.0", tls: true, names: ["Bench.Example"]), hasAccounts: true)
        #expect(policy.transport == .tls(certificate: "cert.pem", key: "key.pem"))
        #expect(policy.isSecure)
        #expect(policy.hosts.contains("bench.example"))
    }

    @Test func sharesBehindAProxy() throws {
        let policy = try BindingPolicy(
            options(share: "10.0.0.5", proxy: true), hasAccounts: true)
        #expect(policy.transport == .behindProxy)
        #expect(policy.isSecure)
    }

    @Test func refusesAndSaysWhy() {
        func refusal(_ options: BindingPolicy.Options, accounts: Bool = true) -> BindingRefusal? {
            do {
                _ = try BindingPolicy(options, hasAccounts: accounts)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(options(share: "10.0.0.5")) == .notEncrypted(address: "10.0.0.5"))
        #expect(
            refusal(options(share: "10.0.0.5", tls: true), accounts: false)
                == .noAccounts(address: "10.0.0.5"))
        #expect(refusal(options(share: "0.0.0.0", tls: true)) == .noName(address: "0.0.0.0"))
        #expect(refusal(options(share: "::", proxy: true)) == .noName(address: "::"))
        #expect(refusal(options(tls: true, proxy: true)) == .certificateAndProxy)
        var half = options()
        half.key = "key.pem"
        #expect(refusal(half) == .halfACertificate)
        var port = options()
        port.port = 70_000
        #expect(refusal(port) == .badPort(70_000))
        #expect(
            BindingRefusal.notEncrypted(address: "x").description.contains("--tls-certificate"))
    }

    @Test func sharingWithThisMachineAloneNeedsNothing() throws {
        #expect(
            try BindingPolicy(options(share: "localhost"), hasAccounts: false).host == "localhost")
    }
}
