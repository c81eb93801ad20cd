/// What was concluded about a text, and why.
package struct Verification: Sendable, Hashable {
    package let verdict: TraceVerdict
    /// Why it is not kept, in words that name nothing of the case but option letters; empty where
    /// nothing speaks against it.
    package let reason: String

    package init(_ verdict: TraceVerdict, _ reason: String = "") {
        self.verdict = verdict
        self.reason = reason
    }

    /// Whether the text may be kept.
    var isAcceptable: Bool { verdict == .correct || verdict == .unverified }

    static let correct = Verification(.correct)
    /// What a text without any word gets; nil for others.
    static func blank(_ text: String) -> Verification? {
        let hasWords = text.contains { $0.isLetter || $0.isNumber }
        return hasWords ? nil : Verification(.missing, "says nothing")
    }

    static let cutOff = Verification(.missing, "is cut off before an answer")
    static let denied = Verification(.missing, "denies what it names and claims nothing")
}
