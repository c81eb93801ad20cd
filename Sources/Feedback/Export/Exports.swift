import Foundation
import GRDB
import Records

/// Files of judgements for other programs; each export is noted in the audit log.
package struct Exports: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Accepted and edited answers as JSON Lines with `timestamp`, `iteration`, `prompt`,
    /// `generated_response`, `preferred_response` and `feedback_type`.
    package func feedbackJSONL(actor: Int64?) async throws(FeedbackError) -> Data {
        try await export("feedback.jsonl", by: actor) { db in
            try db.preferredAnswers().map { try CanonicalJSON.text(FeedbackLine($0)) + "\n" }
        }
    }

    /// The same as comma-separated values, in which no cell is a formula.
    package func feedbackCSV(actor: Int64?) async throws(FeedbackError) -> Data {
        try await export("feedback.csv", by: actor) { db in
            let lines = try db.preferredAnswers().map(FeedbackLine.init)
            return FeedbackLine.table(lines).map { CSVWriter.text([$0]) }
        }
    }

    /// Pairs as JSON Lines in TRL's conversational preference format, with the columns
    /// `agreement`, `raters`, `case_id` and `held_out`.
    ///
    /// - Parameter agreementLevel: The smallest share of raters who agree; always more than half.
    package func preferencesJSONL(
        agreementLevel: Double = 0.5, actor: Int64?
    ) async throws(FeedbackError) -> Data {
        try await export("preferences.jsonl", by: actor) { db in
            try db.judgedSamplings()
                .flatMap { PreferencePair.pairs(of: $0, agreementLevel: agreementLevel) }
                .map { try CanonicalJSON.text(PreferenceLine($0)) + "\n" }
        }
    }

    private func export(
        _ name: String, by actor: Int64?, _ rows: @escaping @Sendable (Database) throws -> [String]
    ) async throws(FeedbackError) -> Data {
        try await database.write(by: actor) { transaction in
            let rows = try rows(transaction.db)
            try transaction.audit("export", name, ["rows": .integer(rows.count)])
            return Data(rows.joined().utf8)
        }
    }
}
