import GRDB
import Records

/// The duels of the arena.
package struct DuelStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Sets two samplings of one case against each other; which is left is drawn.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.invalid` where they are of one version or of
    ///   another case.
    package func create(
        caseID: CaseID, samplings: (Int64, Int64), actor: Int64?
    ) async throws(FeedbackError) -> Duel {
        try await database.write(by: actor) { transaction in
            let db = transaction.db
            let sides = try [samplings.0, samplings.1].map { try db.find(Sampling.self, $0) }
                .shuffled()
            guard let left = sides.first, let right = sides.last,
                left.versionID != right.versionID
            else { throw FeedbackError.invalid(field: "right", reason: "is the same version") }
            guard sides.allSatisfy({ $0.caseID == caseID }) else {
                throw FeedbackError.invalid(field: "caseID", reason: "is not the samplings' case")
            }
            let id = try transaction.insert(caseID, left, right)
            return try db.find(Duel.self, id)
        }
    }

    /// The oldest open duel with an answer on both sides; nil where there is none.
    ///
    package func next() async throws(FeedbackError) -> DuelSheet? {
        try await database.read { db in
            let duels = try Duel.fetchAll(
                db, sql: "SELECT * FROM duel WHERE outcome IS NULL ORDER BY id")
            for duel in duels {
                if let sheet = try db.sheet(of: duel) { return sheet }
            }
            return nil
        }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> Duel {
        try await database.read { try $0.find(Duel.self, id) }
    }

    /// Ends a duel.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` where it was judged before or has not
    ///   got both answers.
    package func judge(
        _ id: Int64, outcome: Duel.Outcome, by account: Int64
    ) async throws(FeedbackError) -> Duel {
        try await database.write(by: account) { transaction in
            let db = transaction.db
            let duel = try db.find(Duel.self, id)
            guard duel.outcome == nil, let sheet = try db.sheet(of: duel) else {
                let reason = duel.outcome == nil ? "has no answers yet" : "was judged before"
                throw FeedbackError.wrongState("duel", id: "\(id)", reason: reason)
            }
            try transaction.judge(sheet, outcome, account)
            return try db.find(Duel.self, id)
        }
    }

    /// All duels, the first one first.
    package func all() async throws(FeedbackError) -> [Duel] {
        try await database.read { try $0.duels() }
    }

    /// The results of all judged duels.
    package func standing() async throws(FeedbackError) -> ArenaStanding {
        ArenaStanding(duels: try await all())
    }
}

extension Database {
    fileprivate func duels() throws -> [Duel] {
        try Duel.fetchAll(self, sql: "SELECT * FROM duel ORDER BY id")
    }

    /// Nil until both sides have an answer; of several kept traces the first counts.
    fileprivate func sheet(of duel: Duel) throws -> DuelSheet? {
        let sql = "SELECT * FROM trace WHERE samplingID = ? AND kept ORDER BY attempt LIMIT 1"
        guard let left = try Trace.fetchOne(self, sql: sql, arguments: [duel.leftSampling]),
            let right = try Trace.fetchOne(self, sql: sql, arguments: [duel.rightSampling])
        else { return nil }
        let item = try find(ClinicalCase.self, duel.caseID)
        return DuelSheet(
            duel: duel, question: item.question, images: item.images, left: left, right: right)
    }
}

extension Transaction {
    fileprivate func insert(_ caseID: CaseID, _ left: Sampling, _ right: Sampling) throws -> Int64 {
        let id = try db.insert(
            into: "duel",
            [
                "caseID": caseID, "leftSampling": left.id, "rightSampling": right.id,
                "leftVersion": left.versionID, "rightVersion": right.versionID, "createdAt": at,
            ])
        try audit("duel.create", "duel/\(id)")
        return id
    }

    fileprivate func judge(_ sheet: DuelSheet, _ outcome: Duel.Outcome, _ account: Int64) throws {
        try db.execute(
            sql: """
                UPDATE duel SET leftTrace = ?, rightTrace = ?, accountID = ?, outcome = ?,
                    judgedAt = ? WHERE id = ?
                """,
            arguments: [sheet.left.id, sheet.right.id, account, outcome, at, sheet.duel.id])
        try audit("duel.judge", "duel/\(sheet.duel.id)", ["outcome": .string(outcome.rawValue)])
    }
}
