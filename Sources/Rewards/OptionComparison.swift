import Answers

/// Both name the same option.
struct OptionComparison: AnswerComparison {
    func question(_ input: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)? {
        guard let (options, label) = AnswerOptions.of(input, gold: gold) else { return nil }
        let parser = AnswerParser(options: options)
        return { _ in parser.label(in: input.completion) == label }
    }
}

/// The options of a record, and the known one among them.
///
/// The column `options` decides where there is one: an object of labels and texts, a list of
/// texts (A, B, ...), or a list of objects with `letter` or `label`, and `text`. Else the first of
/// these with an option that is the known answer:
/// 1. options written into the column `problem` or `question`, or into the prompt: `A) CT, B) MRI`
///    or a line each;
/// 2. yes, no and maybe, when the known answer is one of them;
/// 3. letters without texts, at least A to E, when the known answer is a single letter.
enum AnswerOptions {
    static func of(
        _ input: RewardInput, gold: GoldAnswer
    ) -> (options: [AnswerOption], label: String)? {
        if let column = input.columns["options"] {
            let options = listed(column)
            return label(of: gold, among: options).map { (options, $0) }
        }
        let sources: [() -> [AnswerOption]] = [
            { OptionList(in: input.columns["problem"]?.string ?? "")?.options ?? [] },
            { OptionList(in: input.columns["question"]?.string ?? "")?.options ?? [] },
            { OptionList(in: input.prompt.question)?.options ?? [] },
            { ["yes", "no", "maybe"].map { AnswerOption(label: $0, text: $0) } },
            { letters(upTo: gold.text) },
        ]
        for source in sources {
            let options = source()
            if let label = label(of: gold, among: options) { return (options, label) }
        }
        return nil
    }

    /// A label, a text, a label with its text, or a place from 0.
    private static func label(of gold: GoldAnswer, among options: [AnswerOption]) -> String? {
        guard options.count > 1 else { return nil }
        let text = gold.text.lowercased()
        let byLabel = options.filter { $0.label == gold.text }
        let byText = options.filter { $0.text.trimmedLowercase == text }
        let byCase = options.filter { $0.label.lowercased() == text }
        if let match = [byLabel, byText, byCase].first(where: { $0.count == 1 }) {
            return match[0].label
        }
        if let place = gold.integer, options.indices.contains(place) { return options[place].label }
        return AnswerParser(options: options, mode: .strict)
            .label(in: "<answer>\(gold.text)</answer>")
    }
}
