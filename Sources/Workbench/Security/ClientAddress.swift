import HTTPTypes
import Hummingbird

/// Where a request comes from, for counting failed log-ins.
struct ClientAddress: Sendable {
    /// Whether the peer is a proxy that writes the client's address behind what it was sent.
    let isBehindProxy: Bool

    func text(_ request: Request, _ context: WorkbenchContext) -> String {
        let peer = context.peerAddress ?? "local"
        guard isBehindProxy, let name = HTTPField.Name("X-Forwarded-For"),
            let last = request.headers[values: name].last?.split(separator: ",").last
        else { return peer }
        // Earlier entries are the client's own words.
        return String(last.filter { !$0.isWhitespace }.prefix(64))
    }
}
