import Testing

@testable import Workbench

struct BindingPolicyTests {
    private func wish(
        share: String? = nil, tls: Bool = false, proxy: Bool = false, names: [String] = []
    ) -> BindingPolicy.Wish {
        var wish = BindingPolicy.Wish()
        wish.share = share
        wish.certificate = tls ? "cert.pem" : nil
        wish.key = tls ? "key.pem" : nil
        wish.behindProxy = proxy
        wish.names = names
        return wish
    }

    @Test func staysOnThisMachine() throws {
        let policy = try BindingPolicy(wish(), hasAccounts: false)
        #expect(policy.host == "127.0.0.1")
        #expect(policy.transport == .plain)
        #expect(!policy.isSecure)
        #expect(policy.hosts == ["localhost", "127.0.0.1", "::1"])
        #expect(policy.origin == "http://127.0.0.1:8080")
    }

    @Test func sharesWithACertificate() throws {
        let policy = try BindingPolicy(
            wish(share: "0.0.0.0", tls: true, names: ["Bench.Example"]), hasAccounts: true)
        #expect(policy.transport == .tls(certificate: "cert.pem", key: "key.pem"))
        #expect(policy.isSecure)
        #expect(policy.hosts.contains("bench.example"))
    }

    @Test func sharesBehindAProxy() throws {
        let policy = try BindingPolicy(
            wish(share: "10.0.0.5", proxy: true), hasAccounts: true)
        #expect(policy.transport == .behindProxy)
        #expect(policy.isSecure)
    }

    @Test func refusesAndSaysWhy() {
        func refusal(_ wish: BindingPolicy.Wish, accounts: Bool = true) -> BindingRefusal? {
            do {
                _ = try BindingPolicy(wish, hasAccounts: accounts)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(wish(share: "10.0.0.5")) == .notEncrypted(address: "10.0.0.5"))
        #expect(
            refusal(wish(share: "10.0.0.5", tls: true), accounts: false)
                == .noAccounts(address: "10.0.0.5"))
        #expect(refusal(wish(share: "0.0.0.0", tls: true)) == .noName(address: "0.0.0.0"))
        #expect(refusal(wish(share: "::", proxy: true)) == .noName(address: "::"))
        #expect(refusal(wish(tls: true, proxy: true)) == .certificateAndProxy)
        var half = wish()
        half.key = "key.pem"
        #expect(refusal(half) == .halfACertificate)
        var port = wish()
        port.port = 70_000
        #expect(refusal(port) == .badPort(70_000))
        #expect(
            BindingRefusal.notEncrypted(address: "x").description.contains("--tls-certificate"))
    }

    @Test func sharingWithThisMachineAloneNeedsNothing() throws {
        #expect(try BindingPolicy(wish(share: "localhost"), hasAccounts: false).host == "localhost")
    }
}
