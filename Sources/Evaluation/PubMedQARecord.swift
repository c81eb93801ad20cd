import Answers
import Datasets
import Records

/// A record that is one question.
protocol QuestionRecord: DatasetRecord {
    var item: EvaluationItem { get }
}

extension RecordSource {
    /// The record's own id, or one that its line gives.
    var itemID: String { id ?? "line-\(line)" }
}

/// A question of PubMedQA: an abstract and a question in `prompt`, and an `answer`.
///
/// Source: Jin et al., "PubMedQA" (2019).
struct PubMedQARecord: QuestionRecord {
    static let options = ["yes", "no", "maybe"].map {
        AnswerOption(label: $0, text: $0)
    }

    let id: String?
    let line: Int
    let item: EvaluationItem

    init(_ source: RecordSource) throws(RecordFault) {
        let record = try PromptRecord(source)
        let answer = try Self.answer(in: record.columns)
        id = source.itemID
        line = source.line
        item = EvaluationItem(
            id: source.itemID,
            messages: record.prompt.asMessages,
            options: Self.options,
            gold: answer
        )
    }

    private static func answer(in columns: [String: JSONValue]) throws(RecordFault) -> String {
        guard let value = columns["answer"] else { throw .missing(column: "answer") }
        guard let answer = value.string?.trimmedLowercase,
            options.contains(where: { $0.label == answer })
        else { throw .wrongShape(column: "answer", expected: "yes, no or maybe") }
        return answer
    }
}
