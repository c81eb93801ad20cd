/// A piece of a template.
struct TemplateToken: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Text outside of tags.
        case text(String)
        case blockBegin
        case blockEnd
        case outputBegin
        case outputEnd
        case name(String)
        case string(String)
        case integer(Int)
        case float(Double)
        /// An operator or a bracket.
        case mark(String)
        case end
    }

    let kind: Kind
    /// From 1.
    let line: Int
}

extension TemplateToken.Kind {
    /// For error messages.
    var label: String {
        switch self {
        case .text: "text"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .outputBegin: "{{"
        case .outputEnd: "}}"
        case .name(let name): name
        case .string: "a string"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .mark(let mark): mark
        case .end: "the end of the template"
        }
    }
}
