import Foundation
import GRDB
import Records

/// The reading of a state file, within one transaction.
struct Restoration {
    private let transaction: Transaction
    private var problems: [RowProblem] = []
    private var count = 0
    private let tables = Dictionary(
        uniqueKeysWithValues: StateTable.all.map { ($0.key, $0.value) })

    private var db: Database { transaction.db }

    init(transaction: Transaction) {
        self.transaction = transaction
    }

    /// - Throws: `FeedbackError.wrongState` or `.malformed`.
    mutating func run(_ data: Data) throws -> Int {
        let model = try clear()
        var rows = JSONRows(data)
        try readHeader(rows.next())
        while let row = rows.next(), problems.count < 100 {
            do {
                try insert(row.get())
            } catch let problem as RowProblem {
                problems.append(problem)
            }
        }
        if problems.isEmpty { try checkVersions(model) }
        guard problems.isEmpty else { throw FeedbackError.malformed(problems) }
        _ = try transaction.stopUnfinishedSamplings()
        _ = try transaction.failUnfinishedJobs()
        try transaction.audit("state.restore", "state.jsonl", ["rows": .integer(count)])
        return count
    }

    /// Removes the base version, and gives its model; nil where there is none.
    private func clear() throws -> String? {
        for name in [
            "clinicalCase", "sampling", "judgementDataset", "trainingJob", "feedbackRecord",
            "draft",
        ] where try db.exists("SELECT 1 FROM \(name)", []) {
            throw FeedbackError.wrongState("store", id: "here", reason: "is not empty (\(name))")
        }
        let versions = try db.versions()
        guard versions.count < 2 else {
            throw FeedbackError.wrongState("store", id: "here", reason: "has trained versions")
        }
        try db.execute(sql: "DELETE FROM promotion")
        try db.execute(sql: "DELETE FROM modelVersion")
        return versions.first?.model
    }

    private mutating func readHeader(_ row: Result<JSONRows.Row, RowProblem>?) throws {
        guard case .success(let row)? = row, .object(row.columns) == StateFile.header else {
            throw FeedbackError.malformed([
                RowProblem(line: 1, reason: "is not the first line of a state file")
            ])
        }
    }

    private mutating func insert(_ row: JSONRows.Row) throws {
        func problem(_ reason: String) -> RowProblem { RowProblem(line: row.line, reason: reason) }
        guard let table = row.columns["table"]?.string.flatMap({ tables[$0] }) else {
            throw problem("\"table\" is missing or unknown")
        }
        if row.columns.values.contains(where: \.hasNUL) { throw problem("has a NUL character") }
        var columns = row.columns.filter { $0.key != "table" }
        for key in table.accounts {
            guard let name = columns[key] else { continue }
            guard let name = name.string else { throw problem("\"\(key)\" is not a name") }
            columns[key] = .integer(Int(try account(name, line: row.line)))
        }
        do {
            try table.insert(db, .object(columns))
            count += 1
        } catch let error as DecodingError {
            throw problem(error.summary)
        } catch let error as DatabaseError {
            throw problem(error.message ?? "is refused by the database")
        }
    }

    private func account(_ name: String, line: Int) throws -> Int64 {
        let sql = "SELECT id FROM account WHERE name = ?"
        if let id = try Int64.fetchOne(db, sql: sql, arguments: [name]) { return id }
        do {
            return try transaction.addAccount(
                name: name, role: .viewer, disabled: true, passwordHash: nil
            ).id
        } catch let error as FeedbackError {
            throw RowProblem(line: line, reason: error.description)
        }
    }

    /// There must be a current version, and what answered must be the model that answers here.
    private mutating func checkVersions(_ model: String?) throws {
        let versions = try db.versions()
        if !versions.contains(where: { $0.state == .current }) {
            problems.append(RowProblem(line: 1, reason: "no version of the file is current"))
        }
        if let model, versions.contains(where: { $0.model != model }) {
            problems.append(RowProblem(line: 1, reason: "the versions are not of this model"))
        }
    }
}

extension JSONValue {
    /// Whether a text in it has a NUL, at which SQLite would end it.
    fileprivate var hasNUL: Bool {
        switch self {
        case .string(let text): text.utf8.contains(0)
        case .array(let values): values.contains(where: \.hasNUL)
        case .object(let members): members.values.contains(where: \.hasNUL)
        case .null, .bool, .integer, .number: false
        }
    }
}

extension DecodingError {
    /// What is wrong with which member, without its value.
    fileprivate var summary: String {
        switch self {
        case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is not accepted"
        @unknown default: "cannot be read"
        }
    }
}
