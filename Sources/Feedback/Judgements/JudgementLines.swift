import FileFormats
import Foundation
import Records

/// Training records made of judgements: lines of canonical JSON in a fixed order, so that the same
/// judgements have the same hash.
package struct JudgementLines: Sendable, Hashable {
    package let kind: JudgementDataset.Kind
    package let lines: [String]
    /// `ranking/12` (a revision's id) and `feedback/3`, in order, each once.
    package let judgementIDs: [String]
    /// All that the lines name, each once.
    package let images: Set<CaseImage>

    package var count: Int { lines.count }

    /// The SHA-256 of the file, in hexadecimal digits.
    package var hash: String { Checksums.sha256(of: text) }

    /// Writes the file, as a whole or not at all.
    ///
    /// - Throws: `FeedbackError.file`.
    package func write(to url: URL) throws(FeedbackError) {
        do {
            try AtomicFile.write(text, to: url)
        } catch {
            throw .file(error.description)
        }
    }

    private var text: String { lines.map { $0 + "\n" }.joined() }
}

extension JudgementLines {
    /// Answers to imitate: TRL's `messages`.
    init(_ answers: [PreferredAnswer]) throws {
        try self.init(
            .feedback, answers.map(Conversation.init),
            answers.map { ["feedback/\($0.record.id)"] }, answers.map(\.images))
    }

    /// TRL's conversational preferences.
    init(_ pairs: [PreferencePair]) throws {
        try self.init(
            .preference, pairs.map(PreferenceLine.init), pairs.map(\.judgementIDs),
            pairs.map(\.images))
    }

    /// TRL's conversational unpaired preferences.
    init(_ labels: [AnswerLabel]) throws {
        try self.init(
            .labelled, labels.map(LabelledLine.init), labels.map(\.judgementIDs),
            labels.map(\.images))
    }

    private init(
        _ kind: JudgementDataset.Kind, _ lines: [some Encodable], _ judgementIDs: [[String]],
        _ images: [[CaseImage]]
    ) throws {
        self.kind = kind
        self.images = Set(images.joined())
        self.lines = try lines.map { try CanonicalJSON.text($0) }
        var seen: Set<String> = []
        self.judgementIDs = judgementIDs.joined().filter { seen.insert($0).inserted }
    }
}

private struct Conversation: Encodable {
    let messages: [Message]
    let images: [String]?

    init(_ answer: PreferredAnswer) {
        messages = answer.prompt + [.answer(answer.record.preferredResponse)]
        images = answer.images.paths
    }
}

extension [CaseImage] {
    /// TRL's column `images`; nil, which is written as nothing, where there are none.
    package var paths: [String]? { isEmpty ? nil : map(\.path) }
}

/// TRL's preference format, with how far the raters agree.
struct PreferenceLine: Encodable {
    let prompt: [Message]
    let images: [String]?
    let chosen: [Message]
    let rejected: [Message]
    let agreement: Double
    let raters: Int
    let caseID: CaseID?
    let heldOut: Bool

    enum CodingKeys: String, CodingKey {
        case prompt, images, chosen, rejected, agreement, raters
        case caseID = "case_id"
        case heldOut = "held_out"
    }

    init(_ pair: PreferencePair) {
        prompt = pair.prompt
        images = pair.images.paths
        chosen = [.answer(pair.chosen)]
        rejected = [.answer(pair.rejected)]
        (agreement, raters) = (pair.agreement, pair.raters)
        (caseID, heldOut) = (pair.caseID, pair.heldOut)
    }
}

private struct LabelledLine: Encodable {
    let prompt: [Message]
    let images: [String]?
    let completion: [Message]
    let label: Bool

    init(_ label: AnswerLabel) {
        prompt = label.prompt
        images = label.images.paths
        completion = [.answer(label.completion)]
        self.label = label.isDesirable
    }
}

extension Message {
    fileprivate static func answer(_ text: String) -> Message {
        Message(role: "assistant", content: text)
    }
}
