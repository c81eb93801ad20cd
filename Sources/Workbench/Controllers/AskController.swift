import Feedback
import Hummingbird
import Web

/// Asking the model, and accepting or correcting what it says.
struct AskController: Sendable {
    let store: FeedbackStore
    let sampling: any CaseSampling
    let updates: any ModelUpdating

    var routes: [APIRoute] { [ask, record, statistics] }

    private struct Question: Decodable {
        let prompt: String
        let images: [String]?
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
        let shape = Schema.object([
            .required("prompt", .passage),
            .optional("images", .list(.text(64...64), count: 0...CaseDraft.mostImages)),
        ])
        return .json(
            .post, "/api/ask", .expert, "Ask the model, perhaps about images", body: shape,
            status: .accepted
        ) { (body: Question, call) in
            SamplingsController.One(
                sampling: try await sampling.ask(
                    body.prompt, images: try found(body.images ?? []), by: try call.account.id))
        }
    }

    private func found(_ hashes: [String]) throws(APIError) -> [CaseImage] {
        var images: [CaseImage] = []
        for hash in hashes {
            guard let image = store.images?.find(hash) else { throw .notFound("such image") }
            images.append(image)
        }
        return images
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
            _ = try await store.records.record(
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
        try await store.records.statistics(threshold: try await updates.pending().threshold)
    }
}
