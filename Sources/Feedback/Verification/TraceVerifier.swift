import CaseBank

/// Reads the final answer of a text, as the model wrote it, and compares it with the case's.
///
/// Options: the letter that the text settles on decides (`OptionVerifier`). Open questions: the
/// final claim has to be one of the answer's names, and not be denied (`DiagnosisVerifier`). A text
/// that was cut off has an answer only where it announces one.
package struct TraceVerifier: Sendable {
    private enum Method: Sendable {
        case options(OptionVerifier)
        case open(DiagnosisVerifier)
    }

    private let method: Method

    /// A verifier of answers to one case. The conditions of the bank are what else a text may
    /// claim.
    package init(_ verifiable: VerifiableCase, bank: CaseBank) {
        if let options = OptionVerifier(verifiable, bank: bank) {
            method = .options(options)
        } else {
            let right = NamedDiagnosis(id: DiagnosisVerifier.right, names: verifiable.names)
            method = .open(DiagnosisVerifier([right], bank: bank))
        }
    }

    /// What the whole text answers.
    ///
    /// - Parameter truncated: whether generation ended for want of tokens instead of by itself.
    package func verification(of text: String, truncated: Bool) -> Verification {
        if let blank = Verification.blank(text) { return blank }
        return switch method {
        case .options(let options): options.verification(of: text, truncated: truncated)
        case .open(let open): open.verification(of: text, truncated: truncated)
        }
    }
}
