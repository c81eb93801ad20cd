import CaseBank
import Foundation
import Records

/// Both are the same text.
struct ExactComparison: AnswerComparison {
    func question(_: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)? {
        { $0.text == gold.text }
    }
}

/// Both are the same after normalisation, and something is left.
struct NormalizedTextComparison: AnswerComparison {
    func question(_: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)? {
        let words = Self.words(gold.text)
        return words.isEmpty ? nil : { Self.words($0.text) == words }
    }

    /// Lower-case words without ASCII punctuation and articles.
    static func words(_ text: String) -> [Substring] {
        let plain = String(
            String.UnicodeScalarView(text.lowercased().unicodeScalars.filter { !$0.isPunctuation }))
        return plain.split(whereSeparator: \.isWhitespace)
            .filter { !["a", "an", "the"].contains($0) }
    }
}

/// Both claim the same condition of the case bank.
struct DiagnosisComparison: AnswerComparison {
    private let matcher: DiagnosisMatcher

    init(bank: CaseBank) { matcher = DiagnosisMatcher(bank: bank) }

    func question(_ input: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)? {
        // An option's label stands for its text.
        let option = AnswerOptions.listed(input.columns["options"] ?? .null)
            .first { $0.label == gold.text }
        guard case .asserted(let condition) = matcher.verdict(on: option?.text ?? gold.text) else {
            return nil
        }
        return { answer in
            // The matcher finds the announcement of an untagged answer by itself.
            let text = answer.place == .tagged ? answer.text : input.completion
            return matcher.asserts(condition, in: text)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isPunctuation: Bool {
        isASCII && value > 32 && !properties.isAlphabetic && properties.numericType == nil
    }
}
