import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import ServiceLifecycle

/// Listens for requests until it is told to end.
package struct WebServer<Context: RequestContext>: Sendable
where Context.Source == ApplicationRequestContextSource {
    private let router: @Sendable () -> Router<Context>
    private let binding: BindingPolicy
    private let logger: Logger

    /// - Parameter router: What answers requests.
    package init(
        binding: BindingPolicy, logger: Logger, router: @escaping @Sendable () -> Router<Context>
    ) {
        self.router = router
        self.binding = binding
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT, then lets the requests in progress end, for a few seconds;
    /// event streams are closed.
    ///
    /// - Parameter onStart: Called with the port once connections are accepted.
    /// - Throws: `ServerFault` for a certificate that cannot be used, or what the system says of
    ///   the address.
    package func run(onStart: @escaping @Sendable (Int) async -> Void = { _ in }) async throws {
        let app = Application(
            router: router(), server: try Self.builder(binding.transport),
            configuration: ApplicationConfiguration(
                address: .hostname(binding.host, port: binding.port)),
            onServerRunning: { await onStart($0.localAddress?.port ?? binding.port) },
            logger: logger)
        var lifecycle = ServiceGroupConfiguration(
            services: [app], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // A client that neither reads nor goes must not hold up the end.
        lifecycle.maximumGracefulShutdownDuration = Self.patience
        try await ServiceGroup(configuration: lifecycle).run()
    }

    /// How long requests in progress may take to end.
    private static var patience: Duration { .seconds(5) }

    private static func builder(
        _ transport: BindingPolicy.Transport
    ) throws -> HTTPServerBuilder {
        // Connections that ask nothing are closed, so that they do not use up the sockets.
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(120)))
        guard case .tls(let certificate, let key) = transport else { return plain }
        return try .tls(plain, tlsConfiguration: tls(certificate: certificate, key: key))
    }

    private static func tls(certificate: String, key: String) throws -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate)
            let key = try NIOSSLPrivateKey(file: key, format: .pem)
            return .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        } catch {
            throw ServerFault.certificate(file: certificate, key: key, reason: "\(error)")
        }
    }
}

/// Why the server does not start.
package enum ServerFault: Error, Sendable, CustomStringConvertible {
    case certificate(file: String, key: String, reason: String)

    package var description: String {
        switch self {
        case .certificate(let file, let key, let reason):
            "the certificate \(file) with the key \(key) cannot be used: \(reason)"
        }
    }
}
