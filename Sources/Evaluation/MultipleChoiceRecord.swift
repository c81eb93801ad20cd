import Datasets
import Records

/// A `ChoiceQuestion` with its right answer.
struct MultipleChoiceRecord: QuestionRecord {
    let id: String?
    let line: Int
    let item: EvaluationItem

    init(_ source: RecordSource) throws(RecordFault) {
        id = source.itemID
        line = source.line
        let group = source.columns["group"]?.string
        item = try Self.item(id: source.itemID, group: group, columns: source.columns)
    }

    /// The question in these columns.
    static func item(
        id: String,
        group: String?,
        columns: [String: JSONValue]
    ) throws(RecordFault) -> EvaluationItem {
        let question = try ChoiceQuestion(columns)
        guard let gold = question.gold else { throw .missing(column: "answer") }
        return EvaluationItem(
            id: id,
            group: group,
            messages: [Message(role: "user", content: question.prompt)],
            options: question.options,
            gold: gold
        )
    }
}
