import HTTPTypes
import Hummingbird

/// Where a request comes from, for counting failed log-ins.
package struct ClientAddress: Sendable {
    /// Whether the peer is a proxy that writes the client's address behind what it was sent.
    package let isBehindProxy: Bool

    package init(isBehindProxy: Bool) {
        self.isBehindProxy = isBehindProxy
    }

    package func text(_ request: Request, peer: String?) -> String {
        let peer = peer ?? "local"
        guard isBehindProxy, let name = HTTPField.Name("X-Forwarded-For"),
            let last = request.headers[values: name].last?.split(separator: ",").last
        else { return peer }
        // Earlier entries are the client's own words.
        return String(last.filter { !$0.isWhitespace }.prefix(64))
    }
}
