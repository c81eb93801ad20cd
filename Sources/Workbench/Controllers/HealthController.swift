import Feedback
import Hummingbird
import Web

/// Whether the workbench answers.
struct HealthController: Sendable {
    let cases: CaseStore

    var routes: [APIRoute] { [health] }

    private struct Health: Encodable, Sendable {
        let status: String
    }

    private var health: APIRoute {
        .get("/health", .anyone, "Whether server and store answer") { _ in
            _ = try await cases.count()
            return Health(status: "ok")
        }
    }
}
