import Records

extension CaseItem {
    /// The user's turn of the multiple-choice form: vignette, question, one option a line, and
    /// what the answer is to look like.
    public var prompt: String {
        [bareQuestion, "", Self.choiceInstruction].joined(separator: "\n")
    }

    /// Vignette, question and one option a line, for a system prompt that tells what the answer is
    /// to look like.
    public var bareQuestion: String {
        let lines = options.map { "\($0.letter). \($0.text)" }
        return ([vignette, "", question] + lines).joined(separator: "\n")
    }

    /// The assistant's turn of the multiple-choice form: one sentence, then `Answer: B. Name`.
    public var completion: String {
        "\(rationale)\nAnswer: \(answer). \(diagnosis)"
    }

    /// The user's turn of the open form: the vignette and the question, without options.
    public var openPrompt: String {
        [vignette, "", question, "", Self.openInstruction].joined(separator: "\n")
    }

    /// The assistant's turn of the open form: one sentence, then `Diagnosis: Name`.
    public var openCompletion: String {
        "\(rationale)\nDiagnosis: \(diagnosis)"
    }

    /// Prompt and completion of the multiple-choice form as a conversation.
    public var messages: [Message] {
        Self.conversation(prompt, completion)
    }

    /// Prompt and completion of the open form as a conversation.
    public var openMessages: [Message] {
        Self.conversation(openPrompt, openCompletion)
    }

    /// Med-R1's form: the reasoning, then the letter of an option, each in its tags.
    public var thinkingMessages: [Message] {
        let answer = "<think> \(rationale) </think> <answer> \(answer) </answer>"
        return [Message(role: "system", content: Self.thinkingInstruction)]
            + Self.conversation(bareQuestion, answer)
    }

    /// What `Recipes/med-r1-text.yaml` puts before its questions.
    static let thinkingInstruction =
        "A user asks a multiple-choice question and you answer it. First output the thinking "
        + "process in <think> </think> tags, then the final choice in <answer> </answer> tags: "
        + "the letter of one option and nothing else."
    static let choiceInstruction =
        "Name the key findings in one sentence, then end with \"Answer: <letter>. <diagnosis>\"."
    static let openInstruction =
        "Name the key findings in one sentence, then end with \"Diagnosis: <name>\"."

    private var rationale: String {
        "\(Prose.list(keyFindings).capitalizingFirst) point to \(diagnosisInText)."
    }

    private static func conversation(_ prompt: String, _ completion: String) -> [Message] {
        [
            Message(role: "user", content: prompt),
            Message(role: "assistant", content: completion),
        ]
    }
}
