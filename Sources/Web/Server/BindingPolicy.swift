/// Where a server listens, and under which names it may be asked for.
///
/// It listens on this machine alone. Elsewhere only when somebody can log in and the passwords do
/// not travel in the clear: with a certificate, or behind a reverse proxy that has one.
package struct BindingPolicy: Sendable, Hashable {
    /// How the bytes travel.
    package enum Transport: Sendable, Hashable {
        case plain
        /// PEM files.
        case tls(certificate: String, key: String)
        /// A reverse proxy on this network ends TLS and names the client in `X-Forwarded-For`.
        case behindProxy
    }

    /// What the command line asks for.
    package struct Options: Sendable, Hashable {
        /// The address of `--share`; nil to stay on this machine.
        package var share: String?
        package var port = 8080
        package var certificate: String?
        package var key: String?
        package var behindProxy = false
        /// Names under which people reach the workbench, such as `workbench.hospital.example`.
        package var names: [String] = []

        package init() {}
    }

    package let host: String
    package let port: Int
    package let transport: Transport
    /// The accepted values of the Host header, without port, in lower case.
    package let hosts: Set<String>

    /// Whether cookies may be marked `Secure`: the browser speaks TLS.
    package var isSecure: Bool { transport != .plain }

    /// - Parameter hasAccounts: Whether an administrator has been set up.
    /// - Throws: `BindingRefusal`, with the reason.
    package init(_ options: Options, hasAccounts: Bool) throws(BindingRefusal) {
        guard (0...65_535).contains(options.port) else { throw .badPort(options.port) }
        transport = try Self.transport(options)
        port = options.port
        host = options.share ?? Self.loopback
        hosts = Set((Self.local + options.names + [host]).map { $0.lowercased() })
        guard let share = options.share, !Self.isLocal(share) else { return }
        guard transport != .plain else { throw .notEncrypted(address: share) }
        guard hasAccounts else { throw .noAccounts(address: share) }
        guard !Self.isEveryAddress(share) || !options.names.isEmpty else {
            throw .noName(address: share)
        }
    }

    /// Where a person's browser finds it.
    package var origin: String { origin(port: port) }

    /// The same where the system chose the port (port 0).
    package func origin(port: Int) -> String {
        let scheme = transport == .plain || transport == .behindProxy ? "http" : "https"
        let place = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(place):\(port)"
    }

    private static func transport(_ options: Options) throws(BindingRefusal) -> Transport {
        switch (options.certificate, options.key) {
        case (nil, nil): return options.behindProxy ? .behindProxy : .plain
        case (let certificate?, let key?):
            guard !options.behindProxy else { throw .certificateAndProxy }
            return .tls(certificate: certificate, key: key)
        default: throw .halfACertificate
        }
    }

    private static let loopback = "127.0.0.1"
    private static let local = ["localhost", loopback, "::1"]

    private static func isLocal(_ address: String) -> Bool {
        local.contains(address.lowercased())
    }

    private static func isEveryAddress(_ address: String) -> Bool {
        ["0.0.0.0", "::", "*"].contains(address)
    }
}
