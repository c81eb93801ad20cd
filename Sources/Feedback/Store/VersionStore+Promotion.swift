import GRDB
import Records

extension VersionStore {
    /// Makes a version current; the one before is `superseded`.
    ///
    /// - Parameter reason: Why, in the words of the person who decides; may be empty.
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` for a version that is not trained.
    package func promote(
        _ id: Int64, reason: String, actor: Int64?
    ) async throws(FeedbackError) -> ModelVersion {
        _ = try FieldCheck.optionalText(reason, "reason", limit: 1024)
        return try await database.write(by: actor) { transaction in
            try transaction.makeCurrent(id, .promotion, reason: reason)
        }
    }

    /// Makes the version current that was so before the last promotion that still holds; doing it
    /// again goes one further back.
    ///
    /// - Throws: `FeedbackError.wrongState` where there is none before.
    package func rollBack(
        reason: String, actor: Int64?
    ) async throws(FeedbackError) -> ModelVersion {
        _ = try FieldCheck.optionalText(reason, "reason", limit: 1024)
        return try await database.write(by: actor) { transaction in
            var line: [Int64] = []
            for promotion in try transaction.db.promotions() {
                switch promotion.kind {
                case .promotion: line.append(promotion.versionID)
                case .rollBack: _ = line.popLast()
                }
            }
            guard let before = line.dropLast().last else {
                let current = try transaction.db.currentVersion().id
                throw FeedbackError.wrongState(
                    "version", id: "\(current)", reason: "has none before it")
            }
            return try transaction.makeCurrent(before, .rollBack, reason: reason)
        }
    }

    /// All changes of the current version, the first one first.
    package func history() async throws(FeedbackError) -> [Promotion] {
        try await database.read { try $0.promotions() }
    }
}

extension Database {
    func promotions() throws -> [Promotion] {
        try Promotion.fetchAll(self, sql: "SELECT * FROM promotion ORDER BY id")
    }
}

extension Transaction {
    fileprivate func makeCurrent(
        _ id: Int64, _ kind: Promotion.Kind, reason: String
    ) throws -> ModelVersion {
        let before = try db.currentVersion()
        // There is no moment with two current versions: the table would refuse it.
        if before.id != id { try move(before.id, from: [.current], to: .superseded) }
        try move(id, from: [.candidate, .superseded, .rejected], to: .current, reason: reason)
        try notePromotion(kind, of: id, from: before.id, reason: reason)
        return try db.find(ModelVersion.self, id)
    }
}
