extension TemplateParser {
    mutating func parsePrimary() throws(TemplateError) -> TemplateExpression {
        let line = line
        let token = next
        advance()
        switch token {
        case .string(let text): return try make(.string(takeStrings(text)), line: line)
        case .integer(let value): return try make(.integer(value), line: line)
        case .float(let value): return try make(.float(value), line: line)
        case .name(let name): return try make(Self.meaning(of: name), line: line)
        case .mark("("): return try parseBrackets(line)
        case .mark("["): return try parseList(line)
        case .mark("{"): return try parseDictionary(line)
        default:
            throw TemplateError(
                template: self.name,
                line: line,
                reason: "a value is expected, '\(token.label)' found"
            )
        }
    }

    private static func meaning(of name: String) -> TemplateExpression.Kind {
        switch name {
        case "true", "True": .bool(true)
        case "false", "False": .bool(false)
        case "none", "None": .none
        default: .name(name)
        }
    }

    /// Strings that follow each other are one.
    private mutating func takeStrings(_ first: String) -> String {
        var text = first
        while case .string(let more) = next {
            text += more
            advance()
        }
        return text
    }

    private mutating func parseBrackets(_ line: Int) throws(TemplateError) -> TemplateExpression {
        if skip(.mark(")")) { return try make(.list([]), line: line) }
        let value = try parseTuple()
        try expect(.mark(")"))
        return value
    }

    private mutating func parseList(_ line: Int) throws(TemplateError) -> TemplateExpression {
        var items: [TemplateExpression] = []
        while !skip(.mark("]")) {
            items.append(try parseExpression())
            if next != .mark("]") { try expect(.mark(",")) }
        }
        return try make(.list(items), line: line, over: items)
    }

    private mutating func parseDictionary(
        _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !skip(.mark("}")) {
            let key = try parseExpression()
            try expect(.mark(":"))
            members.append((key, try parseExpression()))
            if next != .mark("}") { try expect(.mark(",")) }
        }
        return try make(
            .dictionary(members),
            line: line,
            over: members.flatMap { [$0.key, $0.value] }
        )
    }

    /// Members, elements, slices and calls.
    mutating func parsePostfix(
        _ operand: TemplateExpression
    ) throws(TemplateError) -> TemplateExpression {
        var value = operand
        while case .mark(let mark) = next {
            let line = line
            switch mark {
            case ".":
                advance()
                value = try parseMember(of: value, line)
            case "[":
                advance()
                value = try parseElement(of: value, line)
            case "(":
                let arguments = try parseArguments()
                value = try make(
                    .call(value, arguments),
                    line: line,
                    over: [value] + arguments.parts
                )
            default: return value
            }
        }
        return value
    }

    private mutating func parseMember(
        of value: TemplateExpression,
        _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        if case .integer(let index) = next {
            advance()
            let index = try make(.integer(index), line: line)
            return try make(.element(value, index), line: line, over: [value])
        }
        return try make(.member(value, try expectName()), line: line, over: [value])
    }

    private mutating func parseElement(
        of value: TemplateExpression,
        _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        var bounds: [TemplateExpression?] = [nil]
        while !skip(.mark("]")) {
            if skip(.mark(":")) {
                bounds.append(nil)
            } else {
                guard bounds[bounds.count - 1] == nil else { throw fault("']' is expected") }
                bounds[bounds.count - 1] = try parseExpression()
            }
        }
        if bounds.count == 1, let index = bounds[0] {
            return try make(.element(value, index), line: line, over: [value, index])
        }
        guard (2...3).contains(bounds.count) else { throw fault("a malformed subscript") }
        let slice = TemplateSlice(
            start: bounds[0],
            stop: bounds[1],
            step: bounds.count == 3 ? bounds[2] : nil
        )
        return try make(.slice(value, slice), line: line, over: [value] + slice.parts)
    }

    private mutating func parseArguments() throws(TemplateError) -> TemplateArguments {
        var arguments = TemplateArguments()
        try expect(.mark("("))
        while !skip(.mark(")")) {
            if case .name(let name) = next, peek(1) == .mark("=") {
                advance()
                advance()
                arguments.named.append((name, try parseExpression()))
            } else {
                arguments.positional.append(try parseExpression())
            }
            if next != .mark(")") { try expect(.mark(",")) }
        }
        return arguments
    }

    /// Filters and tests behind an operand.
    mutating func parseFilters(
        _ operand: TemplateExpression
    ) throws(TemplateError) -> TemplateExpression {
        var value = operand
        while true {
            let line = line
            if skip(.mark("|")) {
                let name = try expectName()
                let arguments = next == .mark("(") ? try parseArguments() : TemplateArguments()
                value = try make(
                    .filter(value, name, arguments),
                    line: line,
                    over: [value] + arguments.parts
                )
            } else if skip(.name("is")) {
                value = try parseTest(value, line)
            } else {
                return value
            }
        }
    }

    private mutating func parseTest(
        _ value: TemplateExpression,
        _ line: Int
    ) throws(TemplateError) -> TemplateExpression {
        let isNegated = skip(.name("not"))
        let name = try expectName()
        var arguments = TemplateArguments()
        if next == .mark("(") {
            arguments = try parseArguments()
        } else if startsArgument {
            arguments.positional = [try parsePostfix(try parsePrimary())]
        }
        let test = try make(
            .test(value, name, arguments),
            line: line,
            over: [value] + arguments.parts
        )
        return isNegated ? try make(.not(test), line: line, over: [test]) : test
    }

    /// Whether the argument of a test follows without brackets.
    private var startsArgument: Bool {
        switch next {
        case .string, .integer, .float, .mark("["), .mark("{"): true
        case .name(let name): !["else", "or", "and", "is", "not", "if", "in"].contains(name)
        default: false
        }
    }
}
