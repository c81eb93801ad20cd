import Feedback
import Hummingbird
import Records
import Web

/// Numbers for the start page.
struct OverviewController: Sendable {
    let store: FeedbackStore
    let updates: any ModelUpdating

    var routes: [APIRoute] { [overview] }

    private struct Counts: Encodable, Sendable {
        let cases: Int
        let rankings: Int
        let feedback: Int
        let duels: Int
        let versions: Int
        /// Judgements since the last training.
        let pending: Int
    }

    private struct Current: Encodable, Sendable {
        let id: Int64
        let name: String
        let method: String
    }

    private struct Overview: Encodable, Sendable {
        let counts: Counts
        /// `[date, rate]` of each day.
        let acceptance: [JSONValue]
        let current: Current
        let statistics: FeedbackStatistics
    }

    private var overview: APIRoute {
        .get("/api/overview", .viewer, "Counts, acceptance rate and the current version") { _ in
            let pending = try await updates.pending()
            let statistics = try await store.records.statistics(threshold: pending.threshold)
            let version = try await store.versions.current()
            let days = try await store.samplings.acceptanceByDay()
            return Overview(
                counts: try await counts(statistics, pending: pending.count),
                acceptance: days.map { .array([.string($0.date), .number($0.rate)]) },
                current: Current(id: version.id, name: version.name, method: version.method),
                statistics: statistics)
        }
    }

    private func counts(
        _ statistics: FeedbackStatistics, pending: Int
    ) async throws(FeedbackError) -> Counts {
        Counts(
            cases: try await store.cases.count(),
            rankings: try await store.rankings.all().count,
            feedback: statistics.accepted + statistics.edited,
            duels: try await store.duels.all().count { $0.outcome != nil },
            versions: try await store.versions.all().count, pending: pending)
    }
}
