import Feedback
import Hummingbird

/// Asking the model, and accepting or correcting what it says.
struct AskController: Sendable {
    let records: FeedbackRecordStore
    let sampling: any CaseSampling
    let updates: any ModelUpdating

    var routes: [APIRoute] { [ask, record, statistics] }

    private struct Question: Decodable {
        let prompt: String
    }

    private struct Judgement: Decodable {
        let traceID: Int64
        let preferredResponse: String
        let type: FeedbackRecord.Kind
    }

    private struct Recorded: Encodable, Sendable {
        let statistics: FeedbackStatistics
    }

    private var ask: APIRoute {
        .json(
            .post, "/api/ask", .expert, "Ask the model",
            body: .object([.required("prompt", .passage)]), status: .accepted
        ) { (body: Question, call) in
            SamplingsController.One(
                sampling: try await sampling.ask(body.prompt, by: try call.account.id))
        }
    }

    private var record: APIRoute {
        let shape = Schema.object([
            .required("traceID", .id), .required("preferredResponse", .passage),
            .required("type", .choice(FeedbackRecord.Kind.allCases.map(\.rawValue))),
        ])
        return .json(
            .post, "/api/feedback", .expert, "Accept or correct an answer", body: shape,
            status: .created
        ) { (body: Judgement, call) in
            _ = try await records.record(
                traceID: body.traceID, preferredResponse: body.preferredResponse,
                kind: body.type, by: try call.account.id)
            await updates.judged()
            return Recorded(statistics: try await current())
        }
    }

    private var statistics: APIRoute {
        .get("/api/feedback/statistics", .viewer, "How often answers are corrected") { _ in
            try await current()
        }
    }

    private func current() async throws -> FeedbackStatistics {
        try await records.statistics(threshold: try await updates.pending().threshold)
    }
}
