/// A recursive-descent parser of templates, of limited nesting.
struct TemplateParser {
    /// More than templates need, less than a stack holds.
    static let maximumNesting = 64
    static let maximumDepth = 100

    let name: String
    private let tokens: [TemplateToken]
    private var position = 0
    private var nesting = 0
    var marksGeneration = false

    private init(_ tokens: [TemplateToken], name: String) {
        self.tokens = tokens
        self.name = name
    }

    static func parse(_ source: String, name: String) throws(TemplateError) -> TemplateProgram {
        var parser = TemplateParser(
            try TemplateLexer.tokens(of: source, name: name),
            name: name
        )
        let body = try parser.parseBody(until: [])
        return TemplateProgram(body: body, marksGeneration: parser.marksGeneration)
    }

    /// Statements up to a block that begins with one of the words, or to the end without any.
    ///
    /// The position is then behind that word.
    mutating func parseBody(until words: [String]) throws(TemplateError) -> [TemplateStatement] {
        try nested { (parser) throws(TemplateError) in
            var body: [TemplateStatement] = []
            while try !parser.ends(words) {
                if let statement = try parser.parseStatement() { body.append(statement) }
            }
            return body
        }
    }

    private mutating func ends(_ words: [String]) throws(TemplateError) -> Bool {
        if next == .end {
            guard words.isEmpty else {
                throw fault("'\(words.joined(separator: "' or '"))' is missing")
            }
            return true
        }
        guard next == .blockBegin, case .name(let word) = peek(1), words.contains(word) else {
            return false
        }
        position += 2
        lastWord = word
        return true
    }

    /// The word that ended the last body.
    private(set) var lastWord = ""
}

extension TemplateParser {
    var next: TemplateToken.Kind { peek(0) }

    var line: Int { tokens[min(position, tokens.count - 1)].line }

    func peek(_ offset: Int) -> TemplateToken.Kind {
        position + offset < tokens.count ? tokens[position + offset].kind : .end
    }

    mutating func advance() {
        position += 1
    }

    func fault(_ reason: String) -> TemplateError {
        TemplateError(template: name, line: line, reason: reason)
    }

    /// Takes the token if it comes next.
    mutating func skip(_ kind: TemplateToken.Kind) -> Bool {
        guard next == kind else { return false }
        position += 1
        return true
    }

    mutating func expect(_ kind: TemplateToken.Kind) throws(TemplateError) {
        guard skip(kind) else {
            throw fault("'\(kind.label)' is expected, '\(next.label)' found")
        }
    }

    mutating func expectName() throws(TemplateError) -> String {
        guard case .name(let name) = next else {
            throw fault("a name is expected, '\(next.label)' found")
        }
        position += 1
        return name
    }

    mutating func nested<Value>(
        _ body: (inout TemplateParser) throws(TemplateError) -> Value
    ) throws(TemplateError) -> Value {
        guard nesting < Self.maximumNesting else {
            throw fault("nested deeper than \(Self.maximumNesting)")
        }
        nesting += 1
        defer { nesting -= 1 }
        return try body(&self)
    }

    /// An expression over `parts`, unless the tree gets too deep.
    func make(
        _ kind: TemplateExpression.Kind,
        line: Int,
        over parts: [TemplateExpression] = []
    ) throws(TemplateError) -> TemplateExpression {
        let depth = 1 + (parts.map(\.depth).max() ?? 0)
        guard depth <= Self.maximumDepth else {
            throw fault("an expression deeper than \(Self.maximumDepth)")
        }
        return TemplateExpression(kind: kind, line: line, depth: depth)
    }
}
