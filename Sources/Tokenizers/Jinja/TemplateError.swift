/// What is wrong with a chat template, or what it refused.
public struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where the template comes from.
    public let template: String
    /// The line in it, from 1.
    public let line: Int
    /// Holds names from the template, and what it says in `raise_exception`.
    public let reason: String

    /// An error at a line of a template.
    public init(template: String, line: Int, reason: String) {
        self.template = template
        self.line = line
        self.reason = reason
    }

    /// Template, line and reason.
    public var description: String {
        "\(template): line \(line): \(reason)"
    }
}
