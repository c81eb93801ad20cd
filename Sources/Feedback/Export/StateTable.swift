import GRDB
import Records

/// A table in a state file: how its rows become JSON objects and rows again.
///
/// Accounts are named, not numbered, since their ids differ between workbenches.
struct StateTable: Sendable {
    /// The members that hold accounts.
    let accounts: [String]
    /// All rows, in the order in which they are to be inserted.
    let rows: @Sendable (Database) throws -> [JSONValue]
    /// - Throws: `DecodingError` or `DatabaseError`.
    let insert: @Sendable (Database, JSONValue) throws -> Void

    /// In the order in which rows refer to each other.
    static let all: KeyValuePairs<String, StateTable> = [
        "case": .of(ClinicalCase.self, accounts: ["createdBy"], order: "rowid"),
        "dataset": .of(JudgementDataset.self),
        "version": .of(ModelVersion.self),
        "promotion": .of(Promotion.self, accounts: ["accountID"]),
        "update": .of(TrainingJob.self, accounts: ["startedBy"]),
        "sampling": .of(Sampling.self, accounts: ["createdBy"]),
        "trace": .of(Trace.self),
        "assignment": .of(
            Assignment.self, accounts: ["accountID"], order: "samplingID, rowid"),
        "order": .of(ShownOrder.self, accounts: ["accountID"], order: "samplingID, rowid"),
        "ranking": .of(Ranking.self, accounts: ["accountID"]),
        "feedback": .of(FeedbackRecord.self, accounts: ["accountID"]),
        "duel": .of(Duel.self, accounts: ["accountID"]),
        "draft": .of(Draft.self, accounts: ["accountID"], order: "rowid"),
    ]

    private static func of<Value: Stored>(
        _ type: Value.Type, accounts: [String] = [], order: String = "id"
    ) -> StateTable {
        StateTable(
            accounts: accounts,
            rows: { db in
                let sql = "SELECT * FROM \(Value.databaseTableName) ORDER BY \(order)"
                return try Value.fetchAll(db, sql: sql).map {
                    try CanonicalJSON.value(CanonicalJSON.text($0))
                }
            },
            insert: { db, json in
                try json.decoded(as: Value.self).insert(db)
            })
    }
}
