import GRDB
import Records

/// The trainings from judgements, of which one at a time is active.
package struct JobStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Adds a job in the state `preparing`.
    ///
    /// - Parameter startedBy: Nil when it starts by itself.
    /// - Throws: `FeedbackError.wrongState` while another is active.
    package func create(
        method: String, startedBy: Int64?
    ) async throws(FeedbackError) -> TrainingJob {
        try await database.write(by: startedBy) { transaction in
            let db = transaction.db
            if let active = try db.activeJob() {
                throw FeedbackError.wrongState(
                    "update", id: "\(active.id)", reason: "is still running")
            }
            let id = try db.insert(
                into: "trainingJob",
                [
                    "method": method, "state": TrainingJob.State.preparing,
                    "startedBy": startedBy, "startedAt": transaction.at,
                ])
            try transaction.audit("update.create", "update/\(id)", ["method": .string(method)])
            return try db.find(TrainingJob.self, id)
        }
    }

    /// Notes what the job works with, before it trains.
    ///
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` once it trains.
    package func prepare(
        _ id: Int64, folder: String, datasetID: Int64?, versionID: Int64?, actor: Int64?
    ) async throws(FeedbackError) -> TrainingJob {
        try await database.write(by: actor) { transaction in
            let db = transaction.db
            let job = try db.find(TrainingJob.self, id)
            guard job.state == .preparing else {
                throw FeedbackError.wrongState(
                    "update", id: "\(id)", reason: "is \(job.state.rawValue)")
            }
            try db.execute(
                sql: "UPDATE trainingJob SET folder = ?, datasetID = ?, versionID = ? WHERE id = ?",
                arguments: [folder, datasetID, versionID, id])
            var detail: [String: JSONValue] = [:]
            detail["dataset"] = datasetID.map { .integer(Int($0)) }
            detail["version"] = versionID.map { .integer(Int($0)) }
            try transaction.audit("update.prepare", "update/\(id)", detail)
            return try db.find(TrainingJob.self, id)
        }
    }

    /// Moves an active job on.
    ///
    /// - Parameter error: Why it failed, without text of records.
    /// - Throws: `FeedbackError.notFound`, or `.wrongState` for a job that has ended.
    package func transition(
        _ id: Int64, to state: TrainingJob.State, error: String? = nil, actor: Int64?
    ) async throws(FeedbackError) -> TrainingJob {
        try await database.write(by: actor) { transaction in
            let job = try transaction.db.find(TrainingJob.self, id)
            guard job.state.isActive else {
                throw FeedbackError.wrongState(
                    "update", id: "\(id)", reason: "is \(job.state.rawValue)")
            }
            try transaction.set(id, to: state, error: error)
            return try transaction.db.find(TrainingJob.self, id)
        }
    }

    /// Notes how far an active job is; this is not audited.
    package func progress(_ id: Int64, step: Int, steps: Int) async throws(FeedbackError) {
        try await database.write(by: nil) { transaction in
            try transaction.db.execute(
                sql: "UPDATE trainingJob SET step = ?, steps = ? WHERE id = ? AND endedAt IS NULL",
                arguments: [step, steps, id])
        }
    }

    /// - Throws: `FeedbackError.notFound`.
    package func find(_ id: Int64) async throws(FeedbackError) -> TrainingJob {
        try await database.read { try $0.find(TrainingJob.self, id) }
    }

    /// All jobs, the newest first.
    package func all() async throws(FeedbackError) -> [TrainingJob] {
        try await database.read { db in
            try TrainingJob.fetchAll(db, sql: "SELECT * FROM trainingJob ORDER BY id DESC")
        }
    }

    /// The job that has not ended; nil where there is none.
    package func active() async throws(FeedbackError) -> TrainingJob? {
        try await database.read { try $0.activeJob() }
    }

    /// At the start of the program: what its last end left active has failed, and its version too.
    package func failUnfinished() async throws(FeedbackError) -> [Int64] {
        try await database.write(by: nil) { try $0.failUnfinishedJobs() }
    }

    /// How many judgements were made or changed since the last finished job began.
    package func pendingJudgements() async throws(FeedbackError) -> Int {
        try await database.read { try $0.pendingJudgements() }
    }
}

extension Database {
    fileprivate func activeJob() throws -> TrainingJob? {
        try TrainingJob.fetchOne(
            self,
            sql: """
                SELECT * FROM trainingJob WHERE state IN ('preparing', 'training', 'evaluating')
                """)
    }

    /// How many judgements were made or changed since the last finished job began.
    func pendingJudgements() throws -> Int {
        try count(
            """
            WITH last AS (SELECT coalesce(max(startedAt), '') AS start
                FROM trainingJob WHERE state = 'finished')
            SELECT (SELECT count(*) FROM ranking, last WHERE createdAt > start)
                + (SELECT count(*) FROM feedbackRecord, last WHERE timestamp > start)
            """)
    }
}

extension Transaction {
    /// The active job has failed, and the version in training too; gives the job's id.
    func failUnfinishedJobs() throws -> [Int64] {
        for version in try db.versions() where version.state == .training {
            try move(version.id, from: [.training], to: .failed)
        }
        guard let job = try db.activeJob() else { return [] }
        try set(job.id, to: .failed, error: "the program ended while it ran")
        return [job.id]
    }

    fileprivate func set(_ id: Int64, to state: TrainingJob.State, error: String?) throws {
        try db.execute(
            sql: "UPDATE trainingJob SET state = ?, error = ?, endedAt = ? WHERE id = ?",
            arguments: [state, error, state.isActive ? nil : at, id])
        try audit("update.state", "update/\(id)", ["state": .string(state.rawValue)])
    }
}
