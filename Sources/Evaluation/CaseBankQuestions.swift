import CaseBank
import Records

extension EvaluationTask.Questions {
    /// Vignettes of the bundled case bank in their multiple-choice form.
    init(split: CaseSplit, count: Int, seed: UInt64) throws(TaskError) {
        let bank: CaseBank
        do { bank = try CaseBank.bundled() } catch { throw .caseBank(error) }
        do {
            items = try bank.generate(split: split, count: count, seed: seed).map(\.question)
        } catch {
            throw .cases(error)
        }
    }
}

extension CaseItem {
    fileprivate var question: EvaluationItem {
        EvaluationItem(
            id: id,
            group: specialty,
            messages: [Message(role: "user", content: prompt)],
            options: options.map { .init(label: $0.letter, text: $0.text) },
            gold: answer
        )
    }
}
