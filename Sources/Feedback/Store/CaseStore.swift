import Foundation
import GRDB
import Records

/// The cases.
package struct CaseStore: Sendable {
    let database: FeedbackDatabase
    /// Nil where cases have no images.
    let images: ImageFolder?

    package init(_ database: FeedbackDatabase, images: ImageFolder? = nil) {
        self.database = database
        self.images = images
    }

    /// Adds one case.
    ///
    /// - Throws: `FeedbackError.invalid` or `.duplicate`.
    package func add(
        _ draft: CaseDraft, source: ClinicalCase.Source = .typed, actor: Int64?
    ) async throws(FeedbackError) -> ClinicalCase {
        try await database.write(by: actor) { [images] transaction in
            let item = try draft.checked(
                source: source, by: actor, at: transaction.at, image: { images?.find($0) })
            if let id = try transaction.db.twin(of: item) {
                throw FeedbackError.duplicate("case", id: id)
            }
            try item.insert(transaction.db)
            try transaction.audit(
                "case.add", "case/\(item.id)", ["source": .string(source.rawValue)])
            return item
        }
    }

    /// A case by its id.
    ///
    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: CaseID) async throws(FeedbackError) -> ClinicalCase {
        try await database.read { try $0.find(ClinicalCase.self, id) }
    }

    /// The newest cases first.
    ///
    /// - Parameter query: What id, question or diagnosis must contain, whatever its case.
    /// - Throws: `FeedbackError.invalid` for a query of more than 1000 bytes.
    package func page(
        query: String = "", offset: Int = 0, limit: Int = 50
    ) async throws(FeedbackError) -> CasePage {
        let query = try FieldCheck.optionalText(query.trimmed, "query", limit: 1000)
        let pattern = Self.pattern(query)
        return try await database.read { db in
            let total = try db.count(
                "SELECT count(*) FROM clinicalCase WHERE \(Self.match)",
                ["pattern": pattern])
            let cases = try CaseSummary.fetchAll(
                db, sql: Self.summaries,
                arguments: ["pattern": pattern, "offset": max(0, offset), "limit": max(0, limit)])
            return CasePage(total: total, cases: cases)
        }
    }

    /// Cases that are kept for evaluation, oldest first.
    package func heldOut(limit: Int) async throws(FeedbackError) -> [ClinicalCase] {
        try await database.read { db in
            try ClinicalCase.fetchAll(
                db, sql: "SELECT * FROM clinicalCase WHERE heldOut ORDER BY rowid LIMIT ?",
                arguments: [max(0, limit)])
        }
    }

    /// How many cases there are.
    package func count() async throws(FeedbackError) -> Int {
        try await database.read { try $0.count("SELECT count(*) FROM clinicalCase") }
    }

    /// Removes a case with its samplings, and the files of its images that no other case has.
    ///
    /// - Throws: `FeedbackError.notFound`; `.inUse` when anything of it was judged;
    ///   `.wrongState` while it is being sampled.
    package func delete(_ id: CaseID, actor: Int64?) async throws(FeedbackError) {
        let left = try await database.write(by: actor) { transaction in
            let db = transaction.db
            let item = try db.find(ClinicalCase.self, id)
            if try db.exists(Self.judged, ["id": id]) { throw FeedbackError.inUse("case", id: id) }
            if try db.exists(Self.unfinished, [id]) {
                throw FeedbackError.wrongState("case", id: id, reason: "is being sampled")
            }
            try db.execute(sql: "DELETE FROM duel WHERE caseID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM sampling WHERE caseID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM clinicalCase WHERE id = ?", arguments: [id])
            try transaction.audit("case.delete", "case/\(id)")
            return item.images
        }
        guard let images, !left.isEmpty else { return }
        // Cases are added one after the other with this: none can name a file that is about to go.
        try await database.write(by: nil) { transaction in
            for image in left {
                if try !transaction.db.isShown(image) { images.remove(image) }
            }
        }
    }

    private static let match = """
        (id LIKE :pattern ESCAPE '\\' OR question LIKE :pattern ESCAPE '\\'
        OR diagnosis LIKE :pattern ESCAPE '\\')
        """

    private static let summaries = """
        SELECT id, question, answer, diagnosis, source, heldOut,
            (SELECT count(*) FROM sampling WHERE caseID = clinicalCase.id) AS samplings,
            (SELECT count(*) FROM ranking JOIN sampling ON sampling.id = samplingID
                WHERE caseID = clinicalCase.id) AS rankings
        FROM clinicalCase WHERE \(match) ORDER BY rowid DESC LIMIT :limit OFFSET :offset
        """

    private static let judged = """
        SELECT 1 FROM sampling WHERE caseID = :id AND (
            id IN (SELECT samplingID FROM rankingRevision)
            OR id IN (SELECT samplingID FROM trace JOIN feedbackRecord ON traceID = trace.id))
        UNION ALL SELECT 1 FROM duel WHERE caseID = :id AND outcome IS NOT NULL
        """

    private static let unfinished =
        "SELECT 1 FROM sampling WHERE caseID = ? AND state IN ('queued', 'running')"

    /// `LIKE` with everything in it taken literally.
    private static func pattern(_ query: String) -> String {
        var escaped = ""
        for character in query {
            if "\\%_".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return "%\(escaped)%"
    }
}

extension CaseSummary: FetchableRecord {}

extension Database {
    /// The id of a stored case with the same id or the same content.
    func twin(of item: ClinicalCase) throws -> CaseID? {
        let sql = """
            SELECT id FROM clinicalCase
            WHERE id = ? OR (question = ? AND options = ? AND images = ?) LIMIT 1
            """
        let options = try CanonicalJSON.text(item.options)
        let images = try CanonicalJSON.text(item.images)
        return try String.fetchOne(
            self, sql: sql, arguments: [item.id, item.question, options, images])
    }

    /// Whether any case or question has this image.
    fileprivate func isShown(_ image: CaseImage) throws -> Bool {
        let sql = """
            SELECT 1 FROM clinicalCase WHERE instr(images, :hash) > 0
            UNION ALL SELECT 1 FROM sampling WHERE instr(images, :hash) > 0
            """
        return try exists(sql, ["hash": image.hash])
    }
}
