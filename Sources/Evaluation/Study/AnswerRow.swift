import FileFormats
import Foundation
import TextMetrics

/// One answer to a held-out prompt with what was measured of it: a row of answers.jsonl.
public struct AnswerRow: Codable, Sendable, Hashable {
    /// The F1 of each ROUGE against the reference answer.
    public struct Overlap: Codable, Sendable, Hashable {
        public let rouge1: Double
        public let rouge2: Double
        public let rougeL: Double

        /// Of a text beside its reference, without stemming.
        public init(_ text: String, reference: String) {
            let scores = ROUGE(prediction: text, reference: reference)
            (rouge1, rouge2, rougeL) = (scores.rouge1.f1, scores.rouge2.f1, scores.rougeL.f1)
        }
    }

    /// The prompt's id; answers of two models are paired by it.
    public let id: String
    /// What was answered. It may repeat the record's text.
    public let text: String
    /// Tokens of the answer, its end included.
    public let tokens: Int
    /// Whether it ran into the length limit.
    public let isTruncated: Bool
    /// log pi - log base of the answer, summed over its tokens, in nats.
    public let logRatio: Double
    /// Whether it has the form that was asked for; nil where none was.
    public let hasForm: Bool?
    /// Whether it declines, by ``RefusalPatterns``.
    public let isRefusal: Bool
    /// The reward model's score; nil without one.
    public let reward: Double?
    /// Against the reference answer; nil without one.
    public let overlap: Overlap?

    enum CodingKeys: String, CodingKey {
        case id, text, tokens, reward, overlap
        case isTruncated = "truncated"
        case logRatio = "log_ratio"
        case hasForm = "has_form"
        case isRefusal = "refusal"
    }

    /// An answer with its measurements; `isRefusal` and `overlap` come from the text.
    public init(
        id: String, text: String, tokens: Int, isTruncated: Bool, logRatio: Double,
        hasForm: Bool? = nil, reward: Double? = nil, reference: String? = nil
    ) {
        (self.id, self.text, self.tokens) = (id, text, tokens)
        (self.isTruncated, self.logRatio) = (isTruncated, logRatio)
        (self.hasForm, self.reward) = (hasForm, reward)
        isRefusal = RefusalPatterns.declines(text)
        overlap = reference.map { Overlap(text, reference: $0) }
    }
}
