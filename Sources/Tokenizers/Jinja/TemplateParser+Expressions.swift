extension TemplateParser {
    /// `a, b`: a list without brackets, or just an expression.
    mutating func parseTuple() throws(TemplateError) -> TemplateExpression {
        let line = line
        let first = try parseExpression()
        guard next == .mark(",") else { return first }
        var items = [first]
        while skip(.mark(",")) {
            if endsExpression { break }
            items.append(try parseExpression())
        }
        return try make(.list(items), line: line, over: items)
    }

    private var endsExpression: Bool {
        switch next {
        case .blockEnd, .outputEnd, .end, .mark(")"): true
        default: false
        }
    }

    /// `a if b else c`, or anything that binds stronger.
    mutating func parseExpression() throws(TemplateError) -> TemplateExpression {
        let line = line
        var value = try parseOperators()
        while skip(.name("if")) {
            let test = try parseOperators()
            let otherwise = try parseOtherwise()
            value = try make(
                .choice(test: test, then: value, otherwise: otherwise),
                line: line,
                over: [test, value] + [otherwise].compactMap { $0 }
            )
        }
        return value
    }

    private mutating func parseOtherwise() throws(TemplateError) -> TemplateExpression? {
        guard skip(.name("else")) else { return nil }
        return try nested { (parser) throws(TemplateError) in try parser.parseExpression() }
    }

    /// Everything but `if`.
    mutating func parseOperators() throws(TemplateError) -> TemplateExpression {
        try nested { (parser) throws(TemplateError) in try parser.parseOr() }
    }

    private mutating func parseOr() throws(TemplateError) -> TemplateExpression {
        let line = line
        var left = try parseAnd()
        while skip(.name("or")) {
            let right = try parseAnd()
            left = try make(.or(left, right), line: line, over: [left, right])
        }
        return left
    }

    private mutating func parseAnd() throws(TemplateError) -> TemplateExpression {
        let line = line
        var left = try parseNot()
        while skip(.name("and")) {
            let right = try parseNot()
            left = try make(.and(left, right), line: line, over: [left, right])
        }
        return left
    }

    private mutating func parseNot() throws(TemplateError) -> TemplateExpression {
        let line = line
        guard next == .name("not") else { return try parseComparison() }
        advance()
        let value = try nested { (parser) throws(TemplateError) in try parser.parseNot() }
        return try make(.not(value), line: line, over: [value])
    }

    private mutating func parseComparison() throws(TemplateError) -> TemplateExpression {
        let line = line
        let first = try parseArithmetic(0)
        var rest: [(TemplateExpression.Comparison, TemplateExpression)] = []
        while let comparison = takeComparison() {
            rest.append((comparison, try parseArithmetic(0)))
        }
        guard !rest.isEmpty else { return first }
        return try make(.comparison(first, rest), line: line, over: [first] + rest.map(\.1))
    }

    private mutating func takeComparison() -> TemplateExpression.Comparison? {
        switch next {
        case .mark(let mark):
            guard let comparison = TemplateExpression.Comparison(rawValue: mark) else {
                return nil
            }
            advance()
            return comparison
        case .name("in"):
            advance()
            return .contained
        case .name("not") where peek(1) == .name("in"):
            advance()
            advance()
            return .notContained
        default: return nil
        }
    }

    /// Left-associative operators by how strongly they bind.
    private static let levels: [[String]] = [["+", "-"], ["~"], ["*", "/", "//", "%"]]

    private mutating func parseArithmetic(_ level: Int) throws(TemplateError) -> TemplateExpression
    {
        guard level < Self.levels.count else { return try parseUnary() }
        let line = line
        var left = try parseArithmetic(level + 1)
        while case .mark(let mark) = next, Self.levels[level].contains(mark),
            let operation = TemplateExpression.Arithmetic(rawValue: mark)
        {
            advance()
            let right = try parseArithmetic(level + 1)
            left = try make(.arithmetic(operation, left, right), line: line, over: [left, right])
        }
        return left
    }

    /// A sign binds stronger than filters, as in Jinja.
    private mutating func parseUnary() throws(TemplateError) -> TemplateExpression {
        try parseFilters(try parseSigned())
    }

    private mutating func parseSigned() throws(TemplateError) -> TemplateExpression {
        let line = line
        if skip(.mark("-")) {
            let value = try nested { (parser) throws(TemplateError) in try parser.parseSigned() }
            return try make(.negate(value), line: line, over: [value])
        }
        return try parsePostfix(try parsePrimary())
    }
}
