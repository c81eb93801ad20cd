import Records

extension ClinicalCase {
    /// What is put to the model: the question, one option a line, and what the answer is to look
    /// like, in the words of the case bank's training records.
    package var messages: [Message] {
        let lines = options.map { "\($0.letter). \($0.text)" }
        let form = options.isEmpty ? "\"Diagnosis: <name>\"" : "\"Answer: <letter>. <diagnosis>\""
        let instruction = "Name the key findings in one sentence, then end with \(form)."
        let text = ([question] + lines + ["", instruction]).joined(separator: "\n")
        return [Message(role: "user", content: text)]
    }
}
