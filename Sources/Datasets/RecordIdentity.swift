import Records

/// FNV-1a of texts, each ended by a byte that UTF-8 does not have.
package func fnv1a(_ texts: [String]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for text in texts {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
        hash = (hash ^ 0xFF) &* 0x0100_0000_01B3
    }
    return hash
}

extension SupervisedRecord {
    /// A hash of the id, or of the content where there is none; the same on every machine.
    public var identity: UInt64 { fnv1a(id.map { [$0] } ?? body.texts) }
}

extension SupervisedRecord.Body {
    fileprivate var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .conversation(let messages): messages.flatMap { [$0.role, $0.content] }
        case .promptCompletion(let prompt, let completion): prompt.texts + completion.texts
        }
    }
}

// All answers to one prompt fall on one side of a split, whatever the ids of their records: what
// is held out was not seen in training.
extension PreferenceRecord {
    /// A hash of the prompt; the same on every machine.
    public var identity: UInt64 { fnv1a(prompt.texts) }
}

extension JudgedRecord {
    /// A hash of the prompt; the same on every machine.
    public var identity: UInt64 { fnv1a(prompt.texts) }
}

extension PromptRecord {
    /// A hash of the prompt; the same on every machine.
    public var identity: UInt64 { fnv1a(prompt.texts) }
}

extension Turns {
    fileprivate var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .messages(let messages): messages.flatMap { [$0.role, $0.content] }
        }
    }
}

extension PromptCompletionRecord {
    var identity: UInt64 { fnv1a(id.map { [$0] } ?? prompt.texts + completion.texts) }
}
