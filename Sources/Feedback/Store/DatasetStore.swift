import GRDB
import Records

/// The judgements as training records, and the datasets that were made of them.
package struct DatasetStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Training records of all judgements there are.
    ///
    /// - Parameters:
    ///   - heldOut: Whether of the cases kept for evaluation, or of all others.
    ///   - agreementLevel: The smallest share of raters who agree on a pair; always more than half.
    package func build(
        _ kind: JudgementDataset.Kind, heldOut: Bool = false, agreementLevel: Double = 0.5
    ) async throws(FeedbackError) -> JudgementLines {
        try await database.read { db in
            let judged = try db.judgedSamplings().filter { $0.heldOut == heldOut }
            let answers = try db.preferredAnswers().filter { $0.heldOut == heldOut }
            switch kind {
            case .feedback: return try JudgementLines(answers)
            case .preference:
                return try JudgementLines(
                    judged.flatMap {
                        PreferencePair.pairs(of: $0, agreementLevel: agreementLevel)
                    })
            case .labelled:
                return try JudgementLines(
                    judged.flatMap { AnswerLabel.labels(of: $0) }
                        + answers.flatMap { AnswerLabel.labels(of: $0) })
            }
        }
    }

    /// The pairs that rankings make.
    ///
    /// - Parameters:
    ///   - heldOut: Only of cases kept for evaluation, or only of others; nil for all.
    ///   - agreementLevel: The smallest share of raters who agree on a pair; always more than half.
    package func pairs(
        heldOut: Bool? = nil, agreementLevel: Double = 0.5
    ) async throws(FeedbackError) -> [PreferencePair] {
        try await database.read { db in
            try db.judgedSamplings().filter { heldOut == nil || $0.heldOut == heldOut }
                .flatMap { PreferencePair.pairs(of: $0, agreementLevel: agreementLevel) }
        }
    }

    /// Notes a dataset that was written; one of the same kind and content is there only once.
    package func add(
        _ lines: JudgementLines, path: String, actor: Int64?
    ) async throws(FeedbackError) -> JudgementDataset {
        let hash = lines.hash
        return try await database.write(by: actor) { transaction in
            let sql = "SELECT * FROM judgementDataset WHERE kind = ? AND hash = ?"
            let known = try JudgementDataset.fetchOne(
                transaction.db, sql: sql, arguments: [lines.kind, hash])
            return try known ?? transaction.insert(lines, hash: hash, path: path)
        }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> JudgementDataset {
        try await database.read { try $0.find(JudgementDataset.self, id) }
    }

    /// All datasets, the newest first.
    package func all() async throws(FeedbackError) -> [JudgementDataset] {
        try await database.read { db in
            try JudgementDataset.fetchAll(
                db, sql: "SELECT * FROM judgementDataset ORDER BY id DESC")
        }
    }
}

extension Transaction {
    fileprivate func insert(
        _ lines: JudgementLines, hash: String, path: String
    ) throws -> JudgementDataset {
        let version = try db.count(
            "SELECT coalesce(max(version), 0) + 1 FROM judgementDataset WHERE kind = ?",
            [lines.kind])
        let id = try db.insert(
            into: "judgementDataset",
            [
                "kind": lines.kind, "version": version, "hash": hash, "count": lines.count,
                "judgementIDs": try CanonicalJSON.text(lines.judgementIDs), "path": path,
                "createdAt": at,
            ])
        let detail: [String: JSONValue] = [
            "hash": .string(hash), "count": .integer(lines.count),
            "kind": .string(lines.kind.rawValue),
        ]
        try audit("dataset.add", "dataset/\(id)", detail)
        return try db.find(JudgementDataset.self, id)
    }
}
