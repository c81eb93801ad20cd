import CaseBank
import Foundation
import GRDB
import Records

extension CaseStore {
    /// Adds all cases of a file, or none of them.
    ///
    /// - Parameter hashes: Of images, by the names that rows may use for them.
    /// - Returns: How many there are.
    /// - Throws: `FeedbackError.malformed` with every row that is malformed, stands twice in the
    ///   file or is stored already.
    package func importFile(
        _ data: Data, format: CaseFileFormat, hashes: [String: String] = [:], actor: Int64?
    ) async throws(FeedbackError) -> Int {
        let file = CaseFile(data, format: format)
        let names = ImageNames(hashes: hashes, folder: images)
        return try await database.write(by: actor) { transaction in
            var lines = CaseLines(transaction: transaction, images: names)
            var problems = file.problems
            for entry in file.entries {
                if let problem = try lines.add(entry) { problems.append(problem) }
            }
            guard problems.isEmpty else {
                throw FeedbackError.malformed(problems.sorted { $0.line < $1.line })
            }
            let detail: [String: JSONValue] = [
                "cases": .integer(file.entries.count), "format": .string(format.rawValue),
            ]
            try transaction.audit("case.import", "cases", detail)
            return file.entries.count
        }
    }

    /// Adds generated cases of the bank's training part; those that are stored already stay.
    ///
    /// - Returns: How many are new.
    /// - Throws: `FeedbackError.invalid` for more cases than the bank has.
    package func importBank(
        count: Int, seed: UInt64, actor: Int64?
    ) async throws(FeedbackError) -> Int {
        let items = try Self.generate(count: count, seed: seed)
        return try await database.write(by: actor) { transaction in
            var added = 0
            for item in items {
                let item = try CaseDraft(item).checked(
                    source: .bank, by: actor, at: transaction.at, image: { _ in nil })
                if try transaction.db.twin(of: item) != nil { continue }
                try item.insert(transaction.db)
                added += 1
            }
            try transaction.audit("case.bank", "cases", ["cases": .integer(added)])
            return added
        }
    }

    private static func generate(
        count: Int, seed: UInt64
    ) throws(FeedbackError) -> [CaseItem] {
        try FieldCheck.number(count, "count", in: 1...10_000)
        do {
            return try CaseBank.bundled().generate(split: .train, count: count, seed: seed)
        } catch {
            throw .invalid(field: "count", reason: "\(error)")
        }
    }
}

/// What the rows of a file call images.
private struct ImageNames: Sendable {
    /// By name.
    let hashes: [String: String]
    let folder: ImageFolder?

    /// The image that a name, a path that ends with it, or a hash means.
    func image(_ text: String) -> CaseImage? {
        let name = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
        return folder?.find(hashes[text] ?? name.flatMap { hashes[$0] } ?? text)
    }
}

/// Inserts the cases of a file one by one and remembers where they stood.
private struct CaseLines {
    let transaction: Transaction
    let images: ImageNames
    private var lineByID: [CaseID: Int] = [:]

    init(transaction: Transaction, images: ImageNames) {
        (self.transaction, self.images) = (transaction, images)
    }

    /// Nil once the case is stored, else why it cannot be.
    mutating func add(_ entry: CaseFile.Entry) throws -> RowProblem? {
        let item: ClinicalCase
        do throws(FeedbackError) {
            item = try entry.draft.checked(
                source: .imported, by: transaction.actor, at: transaction.at,
                image: images.image)
        } catch {
            return RowProblem(line: entry.line, reason: error.description)
        }
        if let id = try transaction.db.twin(of: item) {
            let place = lineByID[id].map { "on line \($0)" } ?? "stored as \(id)"
            return RowProblem(line: entry.line, reason: "the same case is \(place)")
        }
        try item.insert(transaction.db)
        lineByID[item.id] = entry.line
        return nil
    }
}

extension CaseDraft {
    /// A generated case.
    init(_ item: CaseItem) {
        self.init(
            id: item.id, question: "\(item.vignette)\n\n\(item.question)",
            options: item.options.map { CaseOption(letter: $0.letter, text: $0.text) },
            answer: item.answer, diagnosis: item.diagnosis, synonyms: item.synonyms)
    }
}
