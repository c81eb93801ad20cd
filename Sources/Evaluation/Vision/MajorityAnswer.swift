import Answers

/// Always gives the answer that was right most often, as text, of those that a question offers.
///
/// Of options that were never right, and among equals, the first. Open questions get the most
/// frequent right answer of open questions, the alphabetically first among equals. Fitted on the
/// questions that are asked themselves it knows more than it should: an upper bound of what this
/// rule can do, for want of a training file.
public struct MajorityAnswer: Sendable {
    private let counts: [String: Int]
    private let open: String?

    /// Counts the right answers of these questions.
    public init(_ questions: [TextQuestion]) {
        var (counts, answers): ([String: Int], [String: Int]) = ([:], [:])
        for question in questions {
            if question.isOpen {
                answers[OpenAnswer(question.gold).text, default: 0] += 1
            } else if let option = question.options.first(where: { $0.label == question.gold }) {
                counts[TextWords(option.text).joined, default: 0] += 1
            }
        }
        self.counts = counts
        open = answers.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key
    }

    /// The label of an option, or an open answer as it is compared; nil where no open question was
    /// counted.
    public func answer(_ question: TextQuestion) -> String? {
        if question.isOpen { return open }
        var best: (label: String, count: Int)?
        for option in question.options {
            let count = counts[TextWords(option.text).joined] ?? 0
            if count > best?.count ?? -1 { best = (option.label, count) }
        }
        return best?.label
    }

    /// Whether the answer is the right one.
    public func isRight(_ question: TextQuestion) -> Bool {
        answer(question) == (question.isOpen ? OpenAnswer(question.gold).text : question.gold)
    }
}
