import GRDB
import Records

/// Who is to judge what.
package struct AssignmentStore: Sendable {
    private let database: FeedbackDatabase

    package init(_ database: FeedbackDatabase) {
        self.database = database
    }

    /// Gives every sampling that can be ranked to so many raters, the least loaded first. Who has
    /// it already, or has judged it, keeps it and counts.
    ///
    /// - Parameters:
    ///   - overlap: How many raters judge each sampling.
    ///   - raters: Nil for all enabled experts, or all enabled administrators where there are none.
    /// - Returns: The new assignments.
    /// - Throws: `FeedbackError.invalid` where there are fewer raters than the overlap.
    package func assign(
        overlap: Int, raters: [Int64]? = nil, actor: Int64?
    ) async throws(FeedbackError) -> [Assignment] {
        try await database.write(by: actor) { transaction in
            let raters = try raters ?? transaction.db.raters()
            guard overlap >= 1, overlap <= Set(raters).count else {
                throw FeedbackError.invalid(
                    field: "overlap", reason: "must be from 1 to the \(raters.count) raters")
            }
            let plan = AssignmentPlan(
                overlap: overlap, raters: raters, samplings: try transaction.db.rankable(),
                holders: try transaction.db.holders(), existing: try transaction.db.assignments())
            for assignment in plan.added { try assignment.insert(transaction.db) }
            let detail: [String: JSONValue] = [
                "overlap": .integer(overlap), "added": .integer(plan.added.count),
            ]
            try transaction.audit("assignment.assign", "samplings", detail)
            return plan.added
        }
    }

    /// All assignments, by sampling and account.
    package func all() async throws(FeedbackError) -> [Assignment] {
        try await database.read { try $0.assignments() }
    }

    /// What a rater has not judged: what is assigned to the rater first, then the oldest.
    package func queue(
        for account: Int64, limit: Int = 20
    ) async throws(FeedbackError) -> RatingQueue {
        try await database.read { db in
            let next = try RatingQueue.Item.fetchAll(
                db, sql: Self.open, arguments: ["account": account, "limit": max(0, limit)])
            let done = try db.count(
                "SELECT count(*) FROM ranking WHERE accountID = ?", [account])
            let remaining = try db.count(
                """
                SELECT count(*) FROM (\(AssignmentStore.rankable)) WHERE samplingID NOT IN
                    (SELECT samplingID FROM ranking WHERE accountID = ?)
                """, [account])
            return RatingQueue(next: next, done: done, remaining: remaining)
        }
    }

    /// Finished samplings of a case with at least two traces to compare.
    fileprivate static let rankable = """
        SELECT sampling.id AS samplingID, caseID, question, count(*) AS traces
        FROM sampling JOIN clinicalCase ON clinicalCase.id = caseID
            JOIN trace ON trace.samplingID = sampling.id AND kept
        WHERE state NOT IN ('queued', 'running') GROUP BY sampling.id HAVING count(*) > 1
        """

    private static let open = """
        SELECT open.*, assignment.accountID IS NOT NULL AS assigned FROM (\(rankable)) AS open
        LEFT JOIN assignment
            ON assignment.samplingID = open.samplingID AND assignment.accountID = :account
        WHERE open.samplingID NOT IN (SELECT samplingID FROM ranking WHERE accountID = :account)
        ORDER BY assigned DESC, open.samplingID LIMIT :limit
        """
}

extension RatingQueue.Item: FetchableRecord {}

extension Database {
    fileprivate func raters() throws -> [Int64] {
        for role in [Account.Role.expert, .administrator] {
            let sql = "SELECT id FROM account WHERE role = ? AND NOT disabled ORDER BY id"
            let ids = try Int64.fetchAll(self, sql: sql, arguments: [role])
            if !ids.isEmpty { return ids }
        }
        return []
    }

    fileprivate func rankable() throws -> [Int64] {
        try Int64.fetchAll(
            self, sql: "SELECT samplingID FROM (\(AssignmentStore.rankable)) ORDER BY samplingID")
    }

    func assignments() throws -> [Assignment] {
        try Assignment.fetchAll(
            self, sql: "SELECT * FROM assignment ORDER BY samplingID, accountID")
    }

    /// Who has been asked to judge a sampling or has judged it.
    fileprivate func holders() throws -> [Assignment] {
        try Assignment.fetchAll(
            self,
            sql: """
                SELECT samplingID, accountID FROM assignment
                UNION SELECT samplingID, accountID FROM ranking
                """)
    }
}

/// Shares samplings among raters so that their loads differ as little as the present ones allow.
struct AssignmentPlan {
    private(set) var added: [Assignment] = []

    /// - Parameters:
    ///   - holders: Who has or has judged which sampling.
    ///   - existing: What makes up the present load.
    init(
        overlap: Int, raters: [Int64], samplings: [Int64], holders: [Assignment],
        existing: [Assignment]
    ) {
        var load = Dictionary(grouping: existing, by: \.accountID).mapValues(\.count)
        let held = Dictionary(grouping: holders, by: \.samplingID)
            .mapValues { Set($0.map(\.accountID)) }
        for sampling in samplings {
            let present = held[sampling] ?? []
            let free = raters.filter { !present.contains($0) }
                .sorted { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) }
            for rater in free.prefix(max(0, overlap - present.count)) {
                added.append(Assignment(samplingID: sampling, accountID: rater))
                load[rater, default: 0] += 1
            }
        }
    }
}
