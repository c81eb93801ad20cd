import FileFormats
import Foundation
import Records

/// How an uploaded file of cases is written.
package enum CaseFileFormat: String, Decodable, Sendable, Hashable, CaseIterable {
    /// One JSON object a line.
    case jsonl
    /// RFC 4180 with a header.
    case csv
}

/// The cases of an uploaded file, and everything that is wrong with its rows.
struct CaseFile {
    struct Entry {
        let line: Int
        let draft: CaseDraft
    }

    private(set) var entries: [Entry] = []
    private(set) var problems: [RowProblem] = []

    init(_ data: Data, format: CaseFileFormat) {
        switch format {
        case .jsonl: readLines(data)
        case .csv: readTable(data)
        }
        if entries.isEmpty && problems.isEmpty {
            problems = [RowProblem(line: 1, reason: "the file has no cases")]
        }
    }

    private mutating func readLines(_ data: Data) {
        for result in JSONRows(data) {
            switch result {
            case .success(let row): add(row.columns, line: row.line)
            case .failure(let problem): problems.append(problem)
            }
        }
    }

    private mutating func readTable(_ data: Data) {
        var reader = CSVReader(data)
        guard let names = header(&reader) else { return }
        while let row = reader.next() {
            switch row {
            case .failure(let problem): problems.append(problem)
            case .success(let row) where row.fields.count != names.count:
                let reason = "has \(row.fields.count) fields, the header \(names.count)"
                problems.append(RowProblem(line: row.line, reason: reason))
            case .success(let row):
                let columns = zip(names, row.fields).map { ($0, Self.value($0, $1)) }
                add(Dictionary(columns, uniquingKeysWith: { $1 }), line: row.line)
            }
        }
    }

    /// The names of the columns; nil where the header is wrong.
    private mutating func header(_ reader: inout CSVReader) -> [String]? {
        switch reader.next() {
        case nil: return nil
        case .failure(let problem):
            problems.append(problem)
            return nil
        case .success(let row):
            let names = row.fields.map(Self.name)
            let missing = ["question", "answer"].filter { !names.contains($0) }
            let faults =
                missing.map { "the header has no column \"\($0)\"" }
                + (Set(names).count < names.count ? ["the header has a column twice"] : [])
            problems += faults.map { RowProblem(line: row.line, reason: $0) }
            return faults.isEmpty ? names : nil
        }
    }

    /// Options are called A to H, everything else is in small letters.
    private static func name(_ field: String) -> String {
        let name = field.trimmed
        return name.count == 1 ? name.uppercased() : name.lowercased()
    }

    /// A cell of options may be JSON; an empty cell is none.
    private static func value(_ name: String, _ field: String) -> JSONValue {
        if field.trimmed.isEmpty { return .null }
        guard name == "options", let value = try? CanonicalJSON.value(field) else {
            return .string(field)
        }
        return value
    }

    private mutating func add(_ columns: [String: JSONValue], line: Int) {
        do throws(FeedbackError) {
            let draft = try CaseColumns(columns: columns).draft()
            entries.append(Entry(line: line, draft: draft))
        } catch {
            problems.append(RowProblem(line: line, reason: error.description))
        }
    }
}
