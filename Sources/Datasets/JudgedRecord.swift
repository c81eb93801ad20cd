import Records

/// A prompt with answers that are good or bad, each by itself: what KTO learns from.
///
/// Read are TRL's columns `prompt`, `completion` and `label`, and every preference, whose chosen
/// answer is good and whose rejected one is bad (TRL's `unpair_preference_dataset`).
public struct JudgedRecord: DatasetRecord, Hashable {
    /// An answer with what was thought of it.
    public struct Judgement: Sendable, Hashable {
        /// What tells the answers of a preference apart: `chosen` or `rejected`; nil where the
        /// record has one answer.
        public let side: String?
        /// Plain when the prompt is plain, one turn of the assistant when it is conversational.
        public let completion: Turns
        public let isDesirable: Bool

        public init(side: String? = nil, completion: Turns, isDesirable: Bool) {
            (self.side, self.completion, self.isDesirable) = (side, completion, isDesirable)
        }
    }

    /// The column `id`, if there is one.
    public let id: String?
    /// Where the record begins, counted from 1.
    public let line: Int
    /// What is answered.
    public let prompt: Turns
    /// One, or the two of a preference.
    public let judgements: [Judgement]
    /// In the order of their places in the prompt.
    public let images: [ImageReference]

    /// A record made in the program.
    public init(
        id: String?, line: Int, prompt: Turns, judgements: [Judgement],
        images: [ImageReference] = []
    ) {
        (self.id, self.line) = (id, line)
        (self.prompt, self.judgements, self.images) = (prompt, judgements, images)
    }

    /// Reads a judged completion or a preference; other columns are left alone.
    ///
    /// - Throws: `RecordFault`, among others when the label is neither true nor false.
    public init(_ source: RecordSource) throws(RecordFault) {
        switch (source.has(.labelledCompletion), PreferenceRecord.fits(source)) {
        case (true, true): throw .ambiguousFormat([.labelledCompletion, .preference])
        case (true, false): try self.init(judged: source)
        case (false, true): self.init(try PreferenceRecord(source))
        case (false, false):
            throw source.notAccepted([.labelledCompletion, .preference, .conversationPreference])
        }
    }

    /// Both answers of a preference.
    public init(_ record: PreferenceRecord) {
        self.init(
            id: record.id, line: record.line, prompt: record.prompt,
            judgements: [
                Judgement(side: "chosen", completion: record.chosen, isDesirable: true),
                Judgement(side: "rejected", completion: record.rejected, isDesirable: false),
            ], images: record.images)
    }

    private init(judged source: RecordSource) throws(RecordFault) {
        let record = try PromptCompletionRecord(source)
        let completion: Turns =
            switch record.completion {
            case .text: record.completion
            case .messages(let turns): try .answer(turns, column: "completion")
            }
        let label = try source.truth("label")
        self.init(
            id: record.id, line: record.line, prompt: record.prompt,
            judgements: [Judgement(completion: completion, isDesirable: label)],
            images: record.images)
    }
}

extension RecordSource {
    /// `true`, `"True"` or 1, and their opposites.
    fileprivate func truth(_ column: String) throws(RecordFault) -> Bool {
        let value = columns[column]
        if let truth = value?.bool { return truth }
        switch (value?.string?.lowercased(), value?.integer) {
        case ("true", _), ("1", _), (_, 1): return true
        case ("false", _), ("0", _), (_, 0): return false
        default: throw .wrongShape(column: column, expected: "true or false")
        }
    }
}
