import GRDB
import Records

/// The versions of the model, of which one is current.
package struct VersionStore: Sendable {
    let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// The base model's version, which is made and becomes current where there is no version yet.
    ///
    /// - Throws: `FeedbackError.wrongState` where the versions are of another model.
    package func ensureBase(model: String) async throws(FeedbackError) -> ModelVersion {
        try await database.write(by: nil) { transaction in
            let sql = "SELECT * FROM modelVersion WHERE parentID IS NULL"
            guard let base = try ModelVersion.fetchOne(transaction.db, sql: sql) else {
                return try transaction.addBase(model)
            }
            guard base.model == model else {
                throw FeedbackError.wrongState(
                    "version", id: "\(base.id)", reason: "is of the model \(base.model)")
            }
            return base
        }
    }

    /// Adds `iter_N`, N being one more than the largest so far, in the state `training`.
    ///
    /// - Throws: `FeedbackError.notFound` for the parent or the dataset.
    package func create(
        parentID: Int64, method: String, recipe: String, datasetID: Int64?, actor: Int64?
    ) async throws(FeedbackError) -> ModelVersion {
        try await database.write(by: actor) { transaction in
            let db = transaction.db
            let parent = try db.find(ModelVersion.self, parentID)
            if let datasetID { _ = try db.find(JudgementDataset.self, datasetID) }
            let iteration = (try db.versions().map(\.iteration).max() ?? 0) + 1
            let id = try db.insert(
                into: "modelVersion",
                [
                    "name": "iter_\(iteration)", "parentID": parentID, "model": parent.model,
                    "method": method, "recipe": recipe, "datasetID": datasetID,
                    "metrics": JSONValue.object([:]), "state": ModelVersion.State.training,
                    "createdAt": transaction.at,
                ])
            try transaction.audit(
                "version.create", "version/\(id)", ["parent": .integer(Int(parentID))])
            return try db.find(ModelVersion.self, id)
        }
    }

    /// Training has ended and the version was evaluated: `training` becomes `candidate`.
    ///
    /// - Parameter adapter: The adapter's folder.
    package func complete(
        _ id: Int64, adapter: String, metrics: JSONValue, actor: Int64?
    ) async throws(FeedbackError) -> ModelVersion {
        try await database.write(by: actor) { transaction in
            try transaction.move(id, from: [.training], to: .candidate)
            try transaction.db.execute(
                sql: "UPDATE modelVersion SET adapter = ?, metrics = ? WHERE id = ?",
                arguments: [adapter, metrics, id])
            return try transaction.db.find(ModelVersion.self, id)
        }
    }

    /// Training failed or was stopped.
    package func fail(_ id: Int64, actor: Int64?) async throws(FeedbackError) -> ModelVersion {
        try await database.write(by: actor) { transaction in
            try transaction.move(id, from: [.training], to: .failed)
            return try transaction.db.find(ModelVersion.self, id)
        }
    }

    /// A person decides against a candidate.
    package func reject(
        _ id: Int64, reason: String, actor: Int64?
    ) async throws(FeedbackError) -> ModelVersion {
        try await database.write(by: actor) { transaction in
            try transaction.move(id, from: [.candidate], to: .rejected, reason: reason)
            return try transaction.db.find(ModelVersion.self, id)
        }
    }

    /// The version that answers.
    ///
    /// - Throws: `FeedbackError.notFound` before `ensureBase`.
    package func current() async throws(FeedbackError) -> ModelVersion {
        try await database.read { try $0.currentVersion() }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> ModelVersion {
        try await database.read { try $0.find(ModelVersion.self, id) }
    }

    /// All versions, the base model first.
    package func all() async throws(FeedbackError) -> [ModelVersion] {
        try await database.read { try $0.versions() }
    }

    /// From a version through its parents to the base model.
    package func lineage(_ id: Int64) async throws(FeedbackError) -> [ModelVersion] {
        try await database.read { db in
            var line = [try db.find(ModelVersion.self, id)]
            while let parent = line.last?.parentID {
                line.append(try db.find(ModelVersion.self, parent))
            }
            return line
        }
    }
}

extension Database {
    func versions() throws -> [ModelVersion] {
        try ModelVersion.fetchAll(self, sql: "SELECT * FROM modelVersion ORDER BY id")
    }

    /// - Throws: `FeedbackError.notFound` where there is no version at all.
    func currentVersion() throws -> ModelVersion {
        let sql = "SELECT * FROM modelVersion WHERE state = 'current'"
        guard let version = try ModelVersion.fetchOne(self, sql: sql) else {
            throw FeedbackError.notFound("version", id: "current")
        }
        return version
    }
}

extension Transaction {
    fileprivate func addBase(_ model: String) throws -> ModelVersion {
        let id = try db.insert(
            into: "modelVersion",
            [
                "name": "base", "model": model, "method": "base", "recipe": "",
                "metrics": JSONValue.object([:]), "state": ModelVersion.State.current,
                "createdAt": at,
            ])
        try audit("version.base", "version/\(id)")
        try notePromotion(.promotion, of: id, from: nil, reason: "the base model")
        return try db.find(ModelVersion.self, id)
    }

    /// Changes a version's state.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` from a state that is not listed.
    func move(
        _ id: Int64, from states: [ModelVersion.State], to state: ModelVersion.State,
        reason: String = ""
    ) throws {
        let version = try db.find(ModelVersion.self, id)
        guard states.contains(version.state) else {
            throw FeedbackError.wrongState(
                "version", id: "\(id)", reason: "is \(version.state.rawValue)")
        }
        try db.execute(
            sql: "UPDATE modelVersion SET state = ? WHERE id = ?", arguments: [state, id])
        // Reasons are free text and so stay out of the log; promotions keep theirs.
        let detail: [String: JSONValue] = [
            "state": .string(state.rawValue), "hasReason": .bool(!reason.isEmpty),
        ]
        try audit("version.state", "version/\(id)", detail)
    }

    /// Adds a line to the history of the current version.
    func notePromotion(
        _ kind: Promotion.Kind, of id: Int64, from: Int64?, reason: String
    ) throws {
        _ = try db.insert(
            into: "promotion",
            [
                "kind": kind, "versionID": id, "fromID": from, "accountID": actor,
                "reason": reason, "at": at,
            ])
    }
}
