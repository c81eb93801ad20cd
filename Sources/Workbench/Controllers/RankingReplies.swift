import Feedback
import FileFormats
import Foundation
import Records
import Web

/// What is to be judged next, and what has been begun.
struct QueueReply: Encodable, Sendable {
    struct Item: Encodable, Sendable {
        let samplingID: Int64
        let caseID: CaseID
        let question: String
        let traces: Int
        let assigned: Bool
        /// Whether the rater has begun.
        let draft: Bool
    }

    let next: [Item]
    let done: Int
    let remaining: Int

    init(_ queue: RatingQueue, drafted: Set<Int64>) {
        next = queue.next.map { item in
            Item(
                samplingID: item.samplingID, caseID: item.caseID, question: item.question,
                traces: item.traces, assigned: item.assigned,
                draft: drafted.contains(item.samplingID))
        }
        (done, remaining) = (queue.done, queue.remaining)
    }
}

/// The answers to one case as a rater may see them: without model, verdict or order of sampling.
struct SheetReply: Encodable, Sendable {
    struct Question: Encodable, Sendable {
        let question: String
        let images: [CaseImage]
        let options: [CaseOption]
    }

    struct Answer: Encodable, Sendable {
        let id: Int64
        let text: String
    }

    let samplingID: Int64
    let `case`: Question
    /// How many images the model saw when it answered.
    let seen: Int
    let answers: [Answer]
    let ranking: OrNull<Ranking>
    let draft: OrNull<DraftReply>

    init(_ sheet: RatingSheet, draft: Draft?) {
        samplingID = sheet.sampling.id
        `case` = Question(
            question: sheet.clinicalCase?.question ?? sheet.sampling.prompt.last?.content ?? "",
            images: sheet.clinicalCase?.images ?? sheet.sampling.images,
            options: sheet.clinicalCase?.options ?? [])
        seen = sheet.sampling.images.count
        answers = sheet.traces.map { Answer(id: $0.id, text: $0.text) }
        ranking = OrNull(sheet.ranking)
        self.draft = OrNull(draft.map(DraftReply.init))
    }
}

/// What a person has typed and not submitted.
struct DraftReply: Encodable, Sendable {
    let body: JSONValue
    let updatedAt: Timestamp

    init(_ draft: Draft) {
        body = (try? JSONDecoder().decode(JSONValue.self, from: Data(draft.body.utf8))) ?? .null
        updatedAt = draft.updatedAt
    }
}
