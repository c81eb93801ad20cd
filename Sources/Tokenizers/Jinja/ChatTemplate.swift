import Records

/// A chat template in Jinja, as transformers' `apply_chat_template` renders it (`trim_blocks` and
/// `lstrip_blocks` on, `{% generation %}` blocks, loop controls).
///
/// A template is untrusted: work, output and nesting are limited, and nothing outside the context
/// can be reached.
public struct ChatTemplate: Sendable {
    /// The template's text.
    public let source: String
    /// Where it comes from, for error messages.
    public let name: String
    /// Names that every rendering knows, `bos_token` say.
    public let variables: [String: JSONValue]

    private let program: Result<TemplateProgram, TemplateError>

    /// Parses a template.
    ///
    /// - Parameters:
    ///   - name: Where it comes from, for error messages.
    ///   - variables: Names that every rendering knows.
    /// - Throws: `TemplateError` with the line of what is malformed or not supported.
    public init(
        source: String,
        name: String,
        variables: [String: JSONValue] = [:]
    ) throws(TemplateError) {
        self.init(deferring: source, name: name, variables: variables)
        _ = try program.get()
    }

    /// A template whose errors show when it is rendered: a model is of use without its template.
    init(deferring source: String, name: String, variables: [String: JSONValue]) {
        self.source = source
        self.name = name
        self.variables = variables
        program = Result { () throws(TemplateError) in
            try TemplateParser.parse(source, name: name)
        }
    }

    /// Whether the template marks what the assistant wrote with `{% generation %}`.
    public var marksGeneration: Bool {
        (try? program.get())?.marksGeneration ?? false
    }

    /// Renders a conversation.
    ///
    /// - Parameters:
    ///   - addGenerationPrompt: Ends with what the assistant's turn begins with.
    ///   - extra: More names for the template, `enable_thinking` say.
    /// - Throws: `TemplateError`, also for what the template itself refuses by `raise_exception`.
    public func render(
        messages: [Message],
        addGenerationPrompt: Bool,
        extra: [String: JSONValue] = [:]
    ) throws(TemplateError) -> String {
        let turns = messages.map { message in
            TemplateValue.message(role: message.role, content: .string(message.content))
        }
        return try rendering(turns, addGenerationPrompt, extra).text
    }

    /// Renders with any context; names in `variables` are known besides.
    public func render(context: [String: JSONValue]) throws(TemplateError) -> String {
        try rendering(context: context).text
    }

    /// Renders a conversation of turns that are ready for the template.
    func rendering(
        _ messages: [TemplateValue],
        _ addGenerationPrompt: Bool,
        _ extra: [String: JSONValue]
    ) throws(TemplateError) -> TemplateRendering {
        var context: [String: TemplateValue] = ["tools": .none, "documents": .none]
        context.merge(extra.mapValues { TemplateValue($0) }) { $1 }
        context["messages"] = .list(TemplateList(messages))
        context["add_generation_prompt"] = .bool(addGenerationPrompt)
        return try rendering(context)
    }

    /// Renders with any context, with what the template marked.
    package func rendering(context: [String: JSONValue]) throws(TemplateError) -> TemplateRendering
    {
        try rendering(context.mapValues { TemplateValue($0) })
    }

    private func rendering(
        _ context: [String: TemplateValue]
    ) throws(TemplateError) -> TemplateRendering {
        let all = variables.mapValues { TemplateValue($0) }.merging(context) { $1 }
        return try TemplateEvaluator.render(try program.get(), name: name, context: all)
    }
}

/// What a template gave: the text, and the bytes of it that stood in `{% generation %}`.
package struct TemplateRendering: Sendable {
    package var text: String
    package var generated: [Range<Int>] = []
}
