import GRDB
import Records

/// An accepted or corrected answer with the prompt as the model got it.
struct PreferredAnswer: Sendable {
    let record: FeedbackRecord
    let prompt: [Message]
    let images: [CaseImage]
    /// Whether it belongs to a case that is kept for evaluation.
    let heldOut: Bool
}

extension Database {
    /// All accepted and corrected answers, in order.
    func preferredAnswers() throws -> [PreferredAnswer] {
        try feedbackRecords().map { record in
            guard let id = record.traceID else {
                let prompt = [Message(role: "user", content: record.prompt)]
                return PreferredAnswer(
                    record: record, prompt: prompt, images: [], heldOut: false)
            }
            let trace = try find(Trace.self, id)
            let sampling = try find(Sampling.self, trace.samplingID)
            return PreferredAnswer(
                record: record, prompt: sampling.prompt, images: sampling.images,
                heldOut: try isHeldOut(sampling))
        }
    }
}
