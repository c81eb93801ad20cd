import Answers
import CaseBank

/// Verifies choices among lettered options.
///
/// The option that `AnswerParser` finds is the answer, unless the text takes its letter back. Where
/// it finds none and the case has a diagnosis, an answer in words counts: the text of an option, or
/// a synonym of the diagnosis.
struct OptionVerifier: Sendable {
    private let right: String
    private let letters: [String]
    private let parser: AnswerParser
    private let words: DiagnosisVerifier?

    /// Nil for an open question.
    init?(_ verifiable: VerifiableCase, bank: CaseBank) {
        guard let right = verifiable.rightLetter else { return nil }
        self.right = right
        letters = verifiable.options.map(\.label)
        parser = AnswerParser(options: verifiable.options)
        let named = verifiable.options.map { option in
            option.label == right
                ? NamedDiagnosis(id: DiagnosisVerifier.right, names: verifiable.names)
                : NamedDiagnosis(id: option.label, names: [option.text])
        }
        words = verifiable.hasDiagnosis ? DiagnosisVerifier(named, bank: bank) : nil
    }

    func verification(of text: String, truncated: Bool) -> Verification {
        let found = truncated ? parser.announcedLabel(in: text) : parser.label(in: text)
        guard let letter = found else { return withoutLetter(text, truncated: truncated) }
        switch LetterReading(letters: [letter]).verdict(on: text) {
        case .negated: return .denied
        case .ambiguous: return .init(.ambiguous, "names option \(letter) and takes it back")
        case .absent, .asserted: break
        }
        return letter == right ? .correct : .init(.wrong, "chooses option \(letter)")
    }

    private func withoutLetter(_ text: String, truncated: Bool) -> Verification {
        let reading = LetterReading(letters: letters).verdict(on: text)
        if reading == .ambiguous {
            return .init(.ambiguous, "names several options or settles on none")
        }
        if let words { return words.verification(of: text, truncated: truncated) }
        if truncated { return .cutOff }
        return reading == .negated ? .denied : .init(.missing, "chooses no option")
    }
}
