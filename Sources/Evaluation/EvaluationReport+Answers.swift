import Plots

extension EvaluationReport {
    /// The same questions answered before and after, from the first measurement with replies, or
    /// else with the options chosen.
    var answers: HTMLReport.Section {
        let written = measurements.first { $0.before.items.contains { $0.text != nil } }
        guard let measurement = written ?? measurements.first else {
            return HTMLReport.Section("Answers side by side", [])
        }
        let before = Self.byID(measurement.before)
        let after = Self.byID(measurement.after)
        let blocks = questions.prefix(examples).compactMap { question -> ReportBlock? in
            guard let old = before[question.id], let new = after[question.id] else { return nil }
            return .comparison(
                Comparison(
                    prompt: question.messages.map(\.content).joined(separator: "\n\n"),
                    expected: question.named(question.gold),
                    answers: [
                        answer("before", old, question), answer("after", new, question),
                    ]
                )
            )
        }
        let intro = "The first \(blocks.count) questions of the task, not chosen ones."
        return HTMLReport.Section(
            "Answers side by side",
            blocks.isEmpty ? [] : [.paragraph(intro)] + blocks
        )
    }

    private func answer(
        _ label: String,
        _ item: ItemResult,
        _ question: EvaluationItem
    ) -> Comparison.Answer {
        let chosen = item.predicted.map(question.named)
        return Comparison.Answer(
            label: label,
            text: item.text ?? chosen ?? "no answer",
            isRight: item.correct
        )
    }

    private static func byID(_ output: EvaluationOutput) -> [String: ItemResult] {
        Dictionary(output.items.map { ($0.id, $0) }) { first, _ in first }
    }
}

extension EvaluationItem {
    /// `B. Pneumonia`, or the label where the text says no more.
    func named(_ label: String) -> String {
        guard let option = options.first(where: { $0.label == label }), option.text != label else {
            return label
        }
        return "\(label). \(option.text)"
    }
}
