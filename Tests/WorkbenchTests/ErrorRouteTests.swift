import Feedback
import Hummingbird
import HummingbirdTesting
import Logging
import TestSupport
import Testing

@testable import Web
@testable import Workbench

/// What nobody but us can be blamed for.
struct ErrorRouteTests {
    private struct Secret: Error, CustomStringConvertible {
        let description = "the patient's name"
    }

    private final class Lines: Sendable {
        let all = Locked<[String]>([])
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            lines.all.withLock { $0.append("\(event.message) \(all)") }
        }
    }

    @Test func unexpectedErrorsAreLoggedWithoutTheirText() async throws {
        let lines = Lines()
        let router = Router(context: WorkbenchContext.self)
        router.add(middleware: ErrorMiddleware())
        router.get("secret") { _, _ -> String in throw Secret() }
        router.get("store") { _, _ -> String in throw FeedbackError.database("disk full") }
        let logger = Logger(label: "test") { _ in Recorder(lines: lines) }
        try await Application(router: router, logger: logger).test(.router) { client in
            let client = BenchClient(client: client)
            let reply = try await client.get("/secret")
            #expect(reply.status == 500)
            #expect(reply.code == "internal")
            #expect(!reply.text.contains("patient"))
            let id = try #require(reply.json["id"]?.string)
            let logged = lines.all.withLock { $0.joined(separator: "\n") }
            #expect(logged.contains(id))
            #expect(logged.contains("Secret"))
            #expect(!logged.contains("patient"))
            let store = try await client.get("/store")
            #expect(store.status == 500)
            #expect(!store.text.contains("disk full"))
            #expect(lines.all.withLock { $0.joined() }.contains("disk full"))
        }
    }

    @Test func storeErrorsHaveTheirStatus() {
        let expected: [(FeedbackError, Int?)] = [
            (.notFound("case", id: "x"), 404), (.invalid(field: "a", reason: "is empty"), 422),
            (.malformed([]), 422), (.duplicate("case", id: "x"), 409),
            (.staleRevision(seen: 1, current: 2), 409), (.inUse("case", id: "x"), 409),
            (.wrongState("job", id: "1", reason: "runs"), 409), (.cancelled, 503),
            (.database("x"), nil), (.file("x"), nil),
        ]
        for (error, status) in expected {
            #expect(APIError(error)?.status.code == status)
            #expect(APIError(ServiceError.store(error))?.status.code == status)
        }
        #expect(APIError(ServiceError.engine(.stopped))?.status.code == 503)
        #expect(APIError(ServiceError.tooFew("x"))?.status.code == 422)
    }
}
