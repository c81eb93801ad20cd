import Answers

/// What a reply to a question comes to, read forgivingly and strictly.
///
/// - Questions with options: forgiving is `AnswerParser`'s tolerant mode, strict its strict mode,
///   the answer tag or the line asked for with a label, alone or before a mark, or an option's
///   text; where no tag was asked for and there is none, the whole reply must be that.
/// - Open questions: the answer is what the last complete answer tag holds, else the reply without
///   its `<think>` part. It is right when it is the gold answer after ``OpenAnswer``'s steps;
///   strict, the reply must besides have the form asked for.
struct ReplyReader {
    let item: EvaluationItem
    let template: AnswerTemplate

    func result(_ reply: String) -> ItemResult {
        item.isOpen ? open(reply) : chosen(reply)
    }

    private func chosen(_ reply: String) -> ItemResult {
        let tolerant = AnswerParser(options: item.options)
        let strict = AnswerParser(options: item.options, mode: .strict)
        let isTagged = template.hasTags || reply.contains("</answer>")
        let whole = isTagged ? reply : "<answer>\(reply.trimmed)</answer>"
        return ItemResult(
            item, predicted: tolerant.label(in: reply), text: reply,
            strict: strict.label(in: whole) == item.gold, hasForm: template.isForm(reply))
    }

    private func open(_ reply: String) -> ItemResult {
        let answer = OpenAnswer(String(Self.answer(in: reply)))
        let gold = OpenAnswer(item.gold)
        let hasForm = template.isForm(reply)
        return ItemResult(
            item, predicted: answer.words.isEmpty ? nil : answer.text, text: reply,
            strict: hasForm && answer == gold, hasForm: hasForm,
            open: OpenScore(answer, gold: gold))
    }

    private static func answer(in reply: String) -> Substring {
        if let end = reply.ranges(of: "</answer>").last,
            let start = reply[..<end.lowerBound].ranges(of: "<answer>").last
        {
            return reply[start.upperBound..<end.lowerBound]
        }
        return reply.ranges(of: "</think>").last.map { reply[$0.upperBound...] } ?? reply[...]
    }
}
