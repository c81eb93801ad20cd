/// A parsed template.
struct TemplateProgram: Sendable {
    let body: [TemplateStatement]
    /// Whether it has a `{% generation %}` block.
    let marksGeneration: Bool
}

/// A statement of a template.
struct TemplateStatement: Sendable {
    indirect enum Kind: Sendable {
        case text(String)
        case output(TemplateExpression)
        case condition([TemplateBranch], otherwise: [TemplateStatement])
        case loop(TemplateLoop)
        /// `set`, with several names unpacking a list.
        case assignment([String], TemplateExpression)
        /// `set` of a member of a namespace.
        case memberAssignment(String, String, TemplateExpression)
        /// `set` of what the body writes.
        case capture(String, [TemplateStatement])
        case macro(TemplateMacro)
        case generation([TemplateStatement])
        case leaveLoop
        case continueLoop
    }

    let kind: Kind
    let line: Int
}

/// One `if` or `elif`.
struct TemplateBranch: Sendable {
    let test: TemplateExpression
    let body: [TemplateStatement]
}

/// A `for` loop.
struct TemplateLoop: Sendable {
    let names: [String]
    let sequence: TemplateExpression
    /// What an element must fulfil to be looped over.
    let filter: TemplateExpression?
    let body: [TemplateStatement]
    /// What stands for an empty loop.
    let otherwise: [TemplateStatement]
}

/// A `macro`.
struct TemplateMacro: Sendable {
    let name: String
    let parameters: [(name: String, standard: TemplateExpression?)]
    let body: [TemplateStatement]
}
