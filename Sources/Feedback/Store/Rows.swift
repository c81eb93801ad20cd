import Foundation
import GRDB
import Records

/// A domain value that is a row of a table; lists and objects are JSON in their columns.
protocol Stored: Codable, Sendable, FetchableRecord, PersistableRecord {
    /// What errors call it.
    static var noun: String { get }
}

extension Stored {
    package static func databaseJSONEncoder(for column: String) -> JSONEncoder {
        JSONEncoder.line
    }
}

extension ClinicalCase: Stored { static let noun = "case" }
extension Account: Stored { static let noun = "account" }
extension LoginSession: Stored { static let noun = "session" }
extension Sampling: Stored { static let noun = "sampling" }
extension Trace: Stored { static let noun = "trace" }
extension FeedbackRecord: Stored { static let noun = "feedback record" }
extension Duel: Stored { static let noun = "duel" }
extension Draft: Stored { static let noun = "draft" }
extension Assignment: Stored { static let noun = "assignment" }
extension ModelVersion: Stored { static let noun = "version" }
extension Promotion: Stored { static let noun = "promotion" }
extension TrainingJob: Stored { static let noun = "update" }
extension JudgementDataset: Stored { static let noun = "dataset" }
extension Ranking: Stored {
    static let noun = "ranking"
    /// Every revision; the view `ranking` has the latest ones.
    package static let databaseTableName = "rankingRevision"
}

extension Database {
    /// The row with this id.
    ///
    /// - Throws: `FeedbackError.notFound`.
    func find<Value: Stored>(_ type: Value.Type, _ id: some DatabaseValueConvertible) throws
        -> Value
    {
        let sql = "SELECT * FROM \(Value.databaseTableName) WHERE id = ?"
        guard let value = try fetchOne(Value.self, sql, [id]) else {
            throw FeedbackError.notFound(Value.noun, id: "\(id)")
        }
        return value
    }

    /// The first row of a query that is asked often: its statement is prepared once.
    func fetchOne<Value: Stored>(
        _ type: Value.Type, _ sql: String, _ arguments: StatementArguments
    ) throws -> Value? {
        try Value.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The rows of a query that is asked often: its statement is prepared once.
    func fetchAll<Value: Stored>(
        _ type: Value.Type, _ sql: String, _ arguments: StatementArguments
    ) throws -> [Value] {
        try Value.fetchAll(cachedStatement(sql: sql), arguments: arguments)
    }

    /// Whether a query has any row.
    func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try Bool.fetchOne(self, sql: "SELECT EXISTS (\(sql))", arguments: arguments) ?? false
    }

    /// The number a query gives; 0 for none.
    func count(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int
    {
        try Int.fetchOne(self, sql: sql, arguments: arguments) ?? 0
    }

    /// Inserts a row whose id SQLite chooses, and gives the id.
    func insert(
        into table: String, _ columns: KeyValuePairs<String, (any DatabaseValueConvertible)?>
    ) throws -> Int64 {
        let names = columns.map(\.key).joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let sql = "INSERT INTO \(table) (\(names)) VALUES (\(marks))"
        try cachedStatement(sql: sql).execute(
            arguments: StatementArguments(columns.map(\.value)))
        return lastInsertedRowID
    }
}

extension Timestamp: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue { text.databaseValue }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> Timestamp? {
        String.fromDatabaseValue(value).flatMap { Timestamp($0) }
    }
}

extension JSONValue: DatabaseValueConvertible {
    public var databaseValue: DatabaseValue {
        ((try? CanonicalJSON.text(self)) ?? "null").databaseValue
    }

    public static func fromDatabaseValue(_ value: DatabaseValue) -> JSONValue? {
        String.fromDatabaseValue(value).flatMap { try? CanonicalJSON.value($0) }
    }
}

extension ClinicalCase.Source: DatabaseValueConvertible {}
extension Account.Role: DatabaseValueConvertible {}
extension Sampling.State: DatabaseValueConvertible {}
extension TraceVerdict: DatabaseValueConvertible {}
extension FeedbackRecord.Kind: DatabaseValueConvertible {}
extension Duel.Outcome: DatabaseValueConvertible {}
extension ModelVersion.State: DatabaseValueConvertible {}
extension Promotion.Kind: DatabaseValueConvertible {}
extension TrainingJob.State: DatabaseValueConvertible {}
extension JudgementDataset.Kind: DatabaseValueConvertible {}
