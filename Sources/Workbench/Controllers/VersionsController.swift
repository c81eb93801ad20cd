import Feedback
import Foundation
import Hummingbird
import Records
import Web

/// Versions of the model: lineage, promotion, roll back.
struct VersionsController: Sendable {
    let versions: VersionStore
    let datasets: DatasetStore

    var routes: [APIRoute] { [list, rollBack, promote] }

    private struct Line: Encodable, Sendable {
        let id: Int64
        let name: String
        let parent: OrNull<Int64>
        let method: String
        let state: ModelVersion.State
        let metrics: JSONValue
        let judgements: Int
        let datasetHash: OrNull<String>
        let createdAt: Timestamp

        init(_ version: ModelVersion, _ dataset: JudgementDataset?) {
            (id, name, method) = (version.id, version.name, version.method)
            parent = OrNull(version.parentID)
            (state, metrics) = (version.state, version.metrics)
            judgements = dataset?.judgementIDs.count ?? 0
            datasetHash = OrNull(dataset?.hash)
            createdAt = version.createdAt
        }
    }

    private struct List: Encodable, Sendable {
        let versions: [Line]
        let current: Int64
    }

    private struct Reason: Decodable {
        let reason: String?
    }

    private struct Current: Encodable, Sendable {
        let current: Int64
    }

    private var list: APIRoute {
        .get("/api/versions", .viewer, "Versions with parent, data and metrics") { _ in
            let sets = try await datasets.all()
            let byID = Dictionary(sets.map { ($0.id, $0) }) { first, _ in first }
            let all = try await versions.all()
            return List(
                versions: all.map { Line($0, $0.datasetID.flatMap { byID[$0] }) },
                current: try await versions.current().id)
        }
    }

    private var promote: APIRoute {
        .json(
            .post, "/api/versions/{id}/promote", .administrator,
            "Make a version current; a worse one only with a reason",
            body: .object([.optional("reason", .note)])
        ) { (body: Reason, call) in
            let id = try call.id()
            let reason = body.reason ?? ""
            let version = try await versions.find(id)
            guard !reason.isEmpty || Self.isNotWorse(version) else {
                throw APIError(
                    .conflict, "worse",
                    "The version did worse than its parent on held-out cases, or was not "
                        + "measured. Say why it is promoted all the same.")
            }
            let promoted = try await versions.promote(
                id, reason: reason, actor: try call.account.id)
            return Current(current: promoted.id)
        }
    }

    private var rollBack: APIRoute {
        .plain(
            .post, "/api/versions/rollback", .administrator,
            "Make the version before the current one current again"
        ) { call in
            let version = try await versions.rollBack(
                reason: "rolled back", actor: try call.account.id)
            return Current(current: version.id)
        }
    }

    /// Whether the version was measured and is worse in nothing.
    private static func isNotWorse(_ version: ModelVersion) -> Bool {
        (try? version.metrics.decoded(as: VersionMetrics.self))?.isNotWorse ?? false
    }
}
