import Feedback
import Hummingbird
import Records
import Web

/// Judging: the queue, the sheet of one case, the ranking.
struct RankingController: Sendable {
    let store: FeedbackStore
    let updates: any ModelUpdating

    var routes: [APIRoute] { [queue, sheet, submit] }

    private var queue: APIRoute {
        .get("/api/queue", .expert, "What is to be judged next") { call in
            let account = try call.account.id
            let queue = try await store.assignments.queue(for: account)
            var drafted: Set<Int64> = []
            for item in queue.next {
                let key = Draft.ofRanking(item.samplingID)
                if try await store.drafts.find(key, account: account) != nil {
                    drafted.insert(item.samplingID)
                }
            }
            return QueueReply(queue, drafted: drafted)
        }
    }

    private var sheet: APIRoute {
        .get("/api/samplings/{id}/sheet", .expert, "Answers to judge, blind and shuffled") { call in
            let (id, account) = (try call.id(), try call.account.id)
            let sheet = try await store.rankings.sheet(id, for: account)
            let draft = try await store.drafts.find(Draft.ofRanking(id), account: account)
            return SheetReply(sheet, draft: draft)
        }
    }

    private var submit: APIRoute {
        .json(
            .put, "/api/samplings/{id}/ranking", .expert, "Submit or revise a ranking",
            body: RankingBody.schema
        ) { (body: RankingBody, call) in
            let (id, account) = (try call.id(), try call.account.id)
            let ranking = try await stored(body.submission, id, account)
            await updates.judged()
            return Revision(revision: ranking.revision)
        }
    }

    private struct Revision: Encodable, Sendable {
        let revision: Int
    }

    /// - Throws: 409 with the stored ranking as `current` where another one was seen.
    private func stored(
        _ submission: RankingSubmission, _ samplingID: Int64, _ account: Int64
    ) async throws -> Ranking {
        do throws(FeedbackError) {
            return try await store.rankings.submit(
                submission, samplingID: samplingID, by: account)
        } catch {
            guard case .staleRevision = error, var refusal = APIError(error) else { throw error }
            let current = try await store.rankings.find(samplingID, by: account)
            refusal.details["current"] = try JSONValue(encoding: OrNull(current))
            throw refusal
        }
    }
}
