/// Refuses requests that were meant for another host. A page of the open web can point its own
/// name to 127.0.0.1 (DNS rebinding) but cannot change the Host header its visitors' browsers send.
package struct HostRule: Sendable {
    /// Without port, in lower case.
    package let hosts: Set<String>

    package init(hosts: Set<String>) {
        self.hosts = hosts
    }

    /// - Parameter authority: The Host header, with or without a port.
    package func accepts(_ authority: String?) -> Bool {
        guard let authority else { return false }
        return hosts.contains(Self.name(authority))
    }

    /// The host of `host[:port]`, where an IPv6 address stands in brackets.
    private static func name(_ authority: String) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("[") {
            return String(text.dropFirst().prefix { $0 != "]" })
        }
        return String(text.prefix { $0 != ":" })
    }
}
