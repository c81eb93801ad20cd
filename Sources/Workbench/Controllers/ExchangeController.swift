import Feedback
import Foundation
import Hummingbird
import Web

/// Judgements as files: out in three formats, the whole state out and in.
struct ExchangeController: Sendable {
    let store: FeedbackStore

    var routes: [APIRoute] {
        [
            export("feedback.jsonl", Self.lines, "Accepted and edited answers") {
                try await store.exports.feedbackJSONL(actor: $0)
            },
            export("feedback.csv", "text/csv; charset=utf-8", "The same as a table") {
                try await store.exports.feedbackCSV(actor: $0)
            },
            export("preferences.jsonl", Self.lines, "Pairs in the preference format of TRL") {
                try await store.exports.preferencesJSONL(actor: $0)
            },
            export("state.jsonl", Self.lines, "Everything that was judged") {
                try await store.state.export(actor: $0)
            },
            restore, datasets,
        ]
    }

    /// The largest state that is read back, in bytes.
    static let stateLimit = 256 * 1024 * 1024

    private static let lines = "application/x-ndjson"

    private struct Dataset: Encodable, Sendable {
        let id: Int64
        let kind: JudgementDataset.Kind
        let version: Int
        let hash: String
        let count: Int
        let judgements: [String]
        let createdAt: Timestamp

        init(_ dataset: JudgementDataset) {
            (id, kind, version) = (dataset.id, dataset.kind, dataset.version)
            (hash, count) = (dataset.hash, dataset.count)
            (judgements, createdAt) = (dataset.judgementIDs, dataset.createdAt)
        }
    }

    private struct List: Encodable, Sendable {
        let datasets: [Dataset]
    }

    private func export(
        _ name: String, _ contentType: String, _ summary: String,
        data: @escaping @Sendable (Int64) async throws -> Data
    ) -> APIRoute {
        APIRoute(
            method: .get, path: "/api/export/\(name)", access: .expert, summary: summary,
            reply: .file(contentType: contentType)
        ) { call in
            let data = try await data(try call.account.id)
            return Response(
                status: .ok,
                headers: [
                    .contentType: contentType,
                    .contentDisposition: "attachment; filename=\"\(name)\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
        }
    }

    private var restore: APIRoute {
        APIRoute(
            method: .post, path: "/api/import/state", access: .administrator,
            summary: "Read an exported state into an empty workbench",
            body: .text([Self.lines], limit: Self.stateLimit)
        ) { call in
            let bytes = try await RequestBodyReader.bytes(call.request, limit: Self.stateLimit)
            let count = try await store.state.restore(
                Data(bytes.readableBytesView), actor: try call.account.id)
            return try JSONReply.make(CasesController.Imported(imported: count))
        }
    }

    private var datasets: APIRoute {
        .get("/api/datasets", .viewer, "Datasets that were trained on, with their hashes") { _ in
            List(datasets: try await store.datasets.all().map(Dataset.init))
        }
    }
}
