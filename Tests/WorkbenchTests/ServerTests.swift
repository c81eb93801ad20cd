import Foundation
import Hummingbird
import HummingbirdTLS
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import Web
@testable import Workbench

/// The server itself, with sockets on this machine.
@Suite(.serialized)
struct ServerTests {
    private static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Runs a workbench on a free port, hands the port over and ends the server.
    private static func serve(
        _ options: BindingPolicy.Options, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        var options = options
        options.port = 0
        let bench = try await Bench(options: options)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (ports, signal) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            defer { signal.finish() }
            try await bench.application.serve(logger: logger) { signal.yield($0) }
        }
        defer { running.cancel() }
        for await port in ports {
            try await body(port)
            return
        }
        try await running.value
    }

    private static func get(
        _ path: String, port: Int, host: String = "localhost", tls: TLSConfiguration? = nil
    ) async throws -> Int {
        try await TestClient.withClient(
            host: "127.0.0.1", port: port,
            configuration: .init(tlsConfiguration: tls, serverName: tls == nil ? nil : "localhost")
        ) { client in
            let request = TestClient.Request(path, method: .get, authority: host)
            return try await client.execute(request).status.code
        }
    }

    @Test func answersOnItsPortAndToItsNameOnly() async throws {
        try await Self.serve(BindingPolicy.Options()) { port async throws in
            #expect(try await Self.get("/health", port: port) == 200)
            #expect(try await Self.get("/health", port: port, host: "127.0.0.1:\(port)") == 200)
            #expect(try await Self.get("/health", port: port, host: "evil.example") == 421)
        }
    }

    @Test(.enabled(if: openssl != nil, "needs openssl to make a certificate"))
    func speaksTLS() async throws {
        let folder = try TestFiles.scratchFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let options = try Self.makeCertificate(in: folder)
        let file = try #require(options.certificate)
        try await Self.serve(options) { port async throws in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .file(file)
            #expect(try await Self.get("/health", port: port, tls: configuration) == 200)
        }
    }

    @Test func aMissingCertificateIsNamed() async throws {
        var options = BindingPolicy.Options()
        (options.certificate, options.key) = ("/nothing/cert.pem", "/nothing/key.pem")
        let missing = options
        await #expect(throws: ServerFault.self) { try await Self.serve(missing) { _ in } }
    }

    @Test(.timeLimit(.minutes(1))) func aStreamEndsWhenItsClientGoes() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Int.self)
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        continuation.onTermination = { _ in signal.finish() }
        continuation.yield(1)
        let router = Router(context: WorkbenchContext.self)
        router.get("events") { request, _ in
            EventStream().response(to: request, while: { true }, events: events) {
                try ServerEvent(name: "n", $0)
            }
        }
        try await Application(router: router).test(.live) { client in
            let port = try #require(client.port)
            let other = TestClient(host: "localhost", port: port)
            other.connect()
            let asking = Task { try await other.get("/events") }
            try await Task.sleep(for: .milliseconds(200))
            try await other.shutdown()
            // Would never end if the server did not notice.
            for await _ in ended {}
            _ = await asking.result
        }
    }

    private static func makeCertificate(in folder: URL) throws -> BindingPolicy.Options {
        var options = BindingPolicy.Options()
        let (certificate, key) = (
            folder.appending(path: "cert.pem").path, folder.appending(path: "key.pem").path
        )
        (options.certificate, options.key) = (certificate, key)
        let process = Process()
        process.executableURL = URL(filePath: try #require(openssl))
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", key, "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return options
    }
}
