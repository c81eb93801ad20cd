import CaseBank

/// Verifies answers in words.
struct DiagnosisVerifier: Sendable {
    /// The id of the right diagnosis.
    static let right = "right answer"

    private let matcher: DiagnosisMatcher
    /// Ids that reasons may name: options' letters.
    private let letters: Set<String>

    /// - Parameter diagnoses: one with the id `right`, and wrong ones under their option letters.
    init(_ diagnoses: [NamedDiagnosis], bank: CaseBank) {
        matcher = DiagnosisMatcher(diagnoses: diagnoses, bank: bank)
        letters = Set(diagnoses.map(\.id)).subtracting([Self.right])
    }

    func verification(of text: String, truncated: Bool) -> Verification {
        let announces = matcher.announcesConclusion(in: text)
        if truncated && !announces { return .cutOff }
        switch matcher.verdict(on: text) {
        case .asserted(Self.right):
            return .correct
        case .asserted(let other):
            let isOption = letters.contains(other)
            return .init(.wrong, isOption ? "chooses option \(other)" : "claims another diagnosis")
        case .ambiguous:
            return .init(.ambiguous, "claims several diagnoses or settles on none")
        case .negated:
            return .denied
        case .absent:
            if truncated { return .cutOff }
            return announces
                ? .init(.wrong, "announces an answer that is not the case's")
                : .init(.missing, "gives no answer")
        }
    }
}
