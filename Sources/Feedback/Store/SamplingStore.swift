import GRDB
import Records

/// The samplings and their traces.
package struct SamplingStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Stores what is to be sampled, as `queued`.
    ///
    /// - Throws: `FeedbackError.invalid`, or `.notFound` for the case or version.
    package func create(
        _ request: SamplingRequest, actor: Int64?
    ) async throws(FeedbackError) -> Sampling {
        try request.check()
        return try await database.write(by: actor) { transaction in
            let db = transaction.db
            if let id = request.caseID { _ = try db.find(ClinicalCase.self, id) }
            _ = try db.find(ModelVersion.self, request.versionID)
            let id = try transaction.insert(request)
            let detail: [String: JSONValue] = [
                "version": .integer(Int(request.versionID)), "wanted": .integer(request.wanted),
            ]
            try transaction.audit("sampling.create", "sampling/\(id)", detail)
            return try db.find(Sampling.self, id)
        }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> Sampling {
        try await database.read { try $0.find(Sampling.self, id) }
    }

    /// The samplings of a case, the newest first.
    package func ofCase(_ id: CaseID) async throws(FeedbackError) -> [Sampling] {
        try await database.read { db in
            try Sampling.fetchAll(
                db, sql: "SELECT * FROM sampling WHERE caseID = ? ORDER BY id DESC",
                arguments: [id])
        }
    }

    /// Moves a sampling on: `queued` to `running`, and either to a state in which it has finished.
    ///
    /// - Parameter error: Why it failed, without text of the case.
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` for any other move.
    package func transition(
        _ id: Int64, to state: Sampling.State, error: String? = nil, actor: Int64?
    ) async throws(FeedbackError) -> Sampling {
        try await database.write(by: actor) { transaction in
            let sampling = try transaction.db.find(Sampling.self, id)
            let isMove = state.isFinished || (state == .running && sampling.state == .queued)
            guard !sampling.state.isFinished, isMove else {
                throw FeedbackError.wrongState(
                    "sampling", id: "\(id)", reason: "is \(sampling.state.rawValue)")
            }
            try transaction.set(id, to: state, error: error)
            return try transaction.db.find(Sampling.self, id)
        }
    }

    /// Stores a trace and counts it.
    ///
    /// - Throws: `FeedbackError.notFound`, `.wrongState` for a sampling that is not running, or
    ///   `.invalid`.
    package func append(
        _ trace: TraceDraft, to id: Int64, actor: Int64?
    ) async throws(FeedbackError) -> Trace {
        try trace.check()
        return try await database.write(by: actor) { transaction in
            let sampling = try transaction.db.find(Sampling.self, id)
            guard sampling.state == .running else {
                throw FeedbackError.wrongState("sampling", id: "\(id)", reason: "is not running")
            }
            return try transaction.append(trace, to: sampling)
        }
    }

    /// All traces in the order of their attempts.
    package func traces(of id: Int64) async throws(FeedbackError) -> [Trace] {
        try await database.read { try $0.traces(of: id) }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func trace(_ id: Int64) async throws(FeedbackError) -> Trace {
        try await database.read { try $0.find(Trace.self, id) }
    }

    /// At the start of the program: what its last end left queued or running becomes `stopped`.
    package func stopUnfinished() async throws(FeedbackError) -> [Int64] {
        try await database.write(by: nil) { try $0.stopUnfinishedSamplings() }
    }

    /// The share of verified traces that were kept, for each day with any.
    package func acceptanceByDay() async throws(FeedbackError) -> [DailyRate] {
        try await database.read { db in
            try DailyRate.fetchAll(
                db,
                sql: """
                    SELECT substr(trace.createdAt, 1, 10) AS date, avg(kept) AS rate,
                        count(*) AS count
                    FROM trace JOIN sampling ON sampling.id = samplingID
                    WHERE verify GROUP BY date ORDER BY date
                    """)
        }
    }
}

/// A share on one day.
package struct DailyRate: Codable, Sendable, Hashable, FetchableRecord {
    /// In UTC, as `2026-11-21`.
    package let date: String
    package let rate: Double
    /// Of how many.
    package let count: Int
}

extension Database {
    /// All traces of a sampling in the order of their attempts.
    func traces(of sampling: Int64) throws -> [Trace] {
        try fetchAll(
            Trace.self, "SELECT * FROM trace WHERE samplingID = ? ORDER BY attempt", [sampling])
    }
}

extension TraceDraft {
    fileprivate func check() throws(FeedbackError) {
        _ = try FieldCheck.optionalText(text, "text", limit: 1 << 20)
        guard logProbability.isFinite, temperature.isFinite else {
            throw .invalid(field: "logProbability", reason: "is not a number")
        }
    }
}

extension Transaction {
    /// What is queued or running becomes `stopped`; gives the ids.
    func stopUnfinishedSamplings() throws -> [Int64] {
        let sql = "SELECT id FROM sampling WHERE state IN ('queued', 'running') ORDER BY id"
        let ids = try Int64.fetchAll(db, sql: sql)
        for id in ids { try set(id, to: .stopped, error: "the program ended while it ran") }
        return ids
    }

    fileprivate func insert(_ request: SamplingRequest) throws -> Int64 {
        try db.insert(
            into: "sampling",
            [
                "caseID": request.caseID, "prompt": try CanonicalJSON.text(request.prompt),
                "images": try CanonicalJSON.text(request.images),
                "versionID": request.versionID, "wanted": request.wanted,
                "schedule": try CanonicalJSON.text(request.schedule), "verify": request.verify,
                "state": Sampling.State.queued, "createdBy": actor, "createdAt": at,
            ])
    }

    fileprivate func set(_ id: Int64, to state: Sampling.State, error: String?) throws {
        try db.execute(
            sql: "UPDATE sampling SET state = ?, error = ? WHERE id = ?",
            arguments: [state, error, id])
        try audit("sampling.state", "sampling/\(id)", ["state": .string(state.rawValue)])
    }

    fileprivate func append(_ trace: TraceDraft, to sampling: Sampling) throws -> Trace {
        let attempt = sampling.attempts + 1
        let id = try db.insert(
            into: "trace",
            [
                "samplingID": sampling.id, "versionID": sampling.versionID, "attempt": attempt,
                "text": trace.text, "finish": trace.finish, "tokens": trace.tokens,
                "logProbability": trace.logProbability, "seed": trace.seed,
                "temperature": trace.temperature, "verdict": trace.verdict,
                "reason": trace.reason, "kept": trace.kept, "createdAt": at,
            ])
        try db.execute(
            sql: "UPDATE sampling SET attempts = ?, accepted = ? WHERE id = ?",
            arguments: [attempt, sampling.accepted + (trace.kept ? 1 : 0), sampling.id])
        let detail: [String: JSONValue] = [
            "trace": .integer(Int(id)), "verdict": .string(trace.verdict.rawValue),
        ]
        try audit("sampling.trace", "sampling/\(sampling.id)", detail)
        return try db.find(Trace.self, id)
    }
}
