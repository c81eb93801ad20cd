import Feedback
import Hummingbird
import Web

/// The audit log, for administrators.
struct AuditController: Sendable {
    let audit: AuditLog

    var routes: [APIRoute] { [page] }

    private struct Page: Encodable, Sendable {
        let entries: [AuditEntry]
    }

    private var page: APIRoute {
        .get(
            "/api/audit", .administrator, "Who did what, the newest first",
            query: [.optional("before", .id), .optional("limit", .integer(1...500))]
        ) { call in
            let before = call.query.integer("before").map { Int64($0) }
            return Page(
                entries: try await audit.page(
                    before: before, limit: call.query.integer("limit") ?? 100))
        }
    }
}
