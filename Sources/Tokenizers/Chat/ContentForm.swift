import Records

/// What a chat template takes for the content of a message.
enum ContentForm: Sendable, Hashable {
    /// Text, with `ImageReference.placeholder` where an image stands.
    case text
    /// A list of `{"type": "image"}` and `{"type": "text", "text": ...}`.
    case parts

    /// Asks the template, by a message that a user could write.
    ///
    /// With an image token: whether what comes out of parts has that token and the words. (vLLM
    /// looks in the template for a loop over content instead, and cannot look into macros.)
    /// Without: parts only where text is lost, so that nothing changes for models of text.
    static func detect(
        _ template: ChatTemplate, _ imageToken: ImageToken?, _ variables: [String: JSONValue]
    ) -> ContentForm {
        func rendering(_ content: TemplateValue) -> String {
            let message = TemplateValue.message(role: "user", content: content)
            return (try? template.rendering([message], false, variables).text) ?? ""
        }
        let words = "q7v2x9"
        let parts = rendering(.parts((imageToken == nil ? "" : place) + words))
        // A list that is written as it is has the words too.
        guard parts.contains(words), !parts.contains("'type'") else { return .text }
        if let imageToken { return parts.contains(imageToken.text) ? .parts : .text }
        return rendering(.string(words)).contains(words) ? .text : .parts
    }

    /// The content of a message as the template takes it.
    func value(_ content: String) -> TemplateValue {
        switch self {
        case .text: .string(content)
        case .parts: .parts(content)
        }
    }

    private static let place = String(ImageReference.placeholder)
}

extension TemplateValue {
    /// A turn of a conversation.
    static func message(role: String, content: TemplateValue) -> TemplateValue {
        .dictionary(TemplateDictionary([("role", .string(role)), ("content", content)]))
    }

    /// Images where their places are, and the text between them.
    static func parts(_ content: String) -> TemplateValue {
        let place = ImageReference.placeholder.unicodeScalars.first
        let texts = content.unicodeScalars.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == place })
        var parts: [TemplateValue] = []
        for (index, text) in texts.enumerated() {
            if index > 0 { parts.append(part([("type", .string("image"))])) }
            // A turn without anything is a text without letters.
            if !text.isEmpty || texts.count == 1 {
                parts.append(part([("type", .string("text")), ("text", .string(String(text)))]))
            }
        }
        return .list(TemplateList(parts))
    }

    private static func part(_ members: [(key: String, value: TemplateValue)]) -> TemplateValue {
        .dictionary(TemplateDictionary(members))
    }
}
