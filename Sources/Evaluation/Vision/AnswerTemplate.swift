import Records

/// How an answer is asked for, so that it can be found in the reply.
///
/// The system prompts of the first two are those of `Recipes/vision/med-r1-think.yaml` and
/// `med-r1-no-think.yaml`: a model is asked as it was trained.
public enum AnswerTemplate: String, Sendable, Hashable, Codable, CaseIterable {
    /// Reasoning in `<think>`, then the answer in `<answer>`: Med-R1.
    case think
    /// The answer in `<answer>` alone: Med-R1 without thinking.
    case noThink = "no-think"
    /// A short answer in plain words, asked for behind the question, as LLaVA's data asks.
    case direct
    /// The question alone, for models that were trained on questions and answers.
    case plain

    /// What an answer to a question may be.
    public enum Answer: Sendable, Hashable {
        /// The letter of an option.
        case letter
        /// Yes or no.
        case decision
        /// Any words.
        case words
    }

    /// The conversation that the model answers.
    ///
    /// - Parameter system: put in the place of the template's own words.
    public func messages(
        _ question: String, _ answer: Answer, system: String? = nil
    ) -> [Message] {
        let instruction = instruction(for: answer)
        if let system = system ?? (hasTags ? instruction : nil) {
            return [
                Message(role: "system", content: system), Message(role: "user", content: question),
            ]
        }
        let turn = self == .direct ? "\(question) \(instruction)" : question
        return [Message(role: "user", content: turn)]
    }

    /// What asks for the form; empty for `plain`.
    func instruction(for answer: Answer) -> String {
        let choice =
            switch answer {
            case .letter: "the letter of one option"
            case .decision: "yes or no"
            case .words: "a word or a short phrase"
            }
        let kind = answer == .letter ? "multiple-choice question" : "question"
        let start = "A user asks a \(kind) about an image and you answer it."
        return switch self {
        case .think:
            "\(start) First output the thinking process in <think> </think> tags, then the final "
                + "choice in <answer> </answer> tags: \(choice) and nothing else."
        case .noThink:
            "\(start) Output the final choice in <answer> </answer> tags at once: \(choice) and "
                + "nothing else."
        case .direct: "Answer with \(choice)."
        case .plain: ""
        }
    }

    /// Whether the answer is to stand in a tag.
    public var hasTags: Bool { self == .think || self == .noThink }

    /// What replies are scored as, when options are scored by likelihood.
    public var frame: AnswerFrame { hasTags ? .inlineTag : .bare }

    /// Tokens that an answer may take: Med-R1's 256, or a phrase.
    public var maximumTokens: Int { hasTags ? 256 : 32 }

    /// Whether a reply has the form asked for and nothing around it: `<think>` and `<answer>`, or
    /// `<answer>` alone, each once; any reply that is not empty where no tags were asked for.
    public func isForm(_ reply: String) -> Bool {
        let text = reply.trimmed
        guard hasTags else { return !text.isEmpty }
        let names = self == .think ? ["think", "answer"] : ["answer"]
        var rest = text[...]
        for name in names {
            let (opening, closing) = ("<\(name)>", "</\(name)>")
            guard rest.hasPrefix(opening), let end = rest.firstRange(of: closing) else {
                return false
            }
            let content = rest[..<end.lowerBound].dropFirst(opening.count)
            guard !["<think>", "<answer>"].contains(where: content.contains) else { return false }
            rest = rest[end.upperBound...].drop(while: \.isWhitespace)
        }
        return rest.isEmpty
    }
}
