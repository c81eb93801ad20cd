extension TemplateParser {
    /// A statement, or nil for nothing.
    mutating func parseStatement() throws(TemplateError) -> TemplateStatement? {
        let line = line
        switch next {
        case .text(let text):
            advance()
            return TemplateStatement(kind: .text(text), line: line)
        case .outputBegin:
            advance()
            let value = try parseTuple()
            try expect(.outputEnd)
            return TemplateStatement(kind: .output(value), line: line)
        default:
            try expect(.blockBegin)
            return TemplateStatement(kind: try parseBlock(), line: line)
        }
    }

    private mutating func parseBlock() throws(TemplateError) -> TemplateStatement.Kind {
        let word = try expectName()
        switch word {
        case "if": return try parseCondition()
        case "for": return try parseLoop()
        case "set": return try parseAssignment()
        case "macro": return try parseMacro()
        case "generation": return try parseGeneration()
        case "break":
            try expect(.blockEnd)
            return .leaveLoop
        case "continue":
            try expect(.blockEnd)
            return .continueLoop
        default: throw fault("the block '\(word)' is not supported")
        }
    }

    private mutating func parseCondition() throws(TemplateError) -> TemplateStatement.Kind {
        var branches: [TemplateBranch] = []
        repeat {
            let test = try parseExpression()
            try expect(.blockEnd)
            let body = try parseBody(until: ["elif", "else", "endif"])
            branches.append(TemplateBranch(test: test, body: body))
        } while lastWord == "elif"
        return .condition(branches, otherwise: try parseElse(endingWith: "endif"))
    }

    /// The rest of a block after `else` or its end.
    private mutating func parseElse(
        endingWith word: String
    ) throws(TemplateError) -> [TemplateStatement] {
        let hasElse = lastWord == "else"
        try expect(.blockEnd)
        guard hasElse else { return [] }
        let body = try parseBody(until: [word])
        try expect(.blockEnd)
        return body
    }

    private mutating func parseLoop() throws(TemplateError) -> TemplateStatement.Kind {
        let names = try parseNames()
        try expect(.name("in"))
        let sequence = try parseOperators()
        let filter = skip(.name("if")) ? try parseExpression() : nil
        if next == .name("recursive") { throw fault("a recursive loop is not supported") }
        try expect(.blockEnd)
        let body = try parseBody(until: ["else", "endfor"])
        let otherwise = try parseElse(endingWith: "endfor")
        return .loop(
            TemplateLoop(
                names: names,
                sequence: sequence,
                filter: filter,
                body: body,
                otherwise: otherwise
            )
        )
    }

    /// Names with commas between, in brackets or not.
    private mutating func parseNames() throws(TemplateError) -> [String] {
        let isBracketed = skip(.mark("("))
        var names = [try expectName()]
        while skip(.mark(",")) { names.append(try expectName()) }
        if isBracketed { try expect(.mark(")")) }
        return names
    }

    private mutating func parseAssignment() throws(TemplateError) -> TemplateStatement.Kind {
        let names = try parseNames()
        if let first = names.first, names.count == 1 {
            if skip(.mark(".")) { return try parseMemberAssignment(first) }
            if skip(.blockEnd) {
                let body = try parseBody(until: ["endset"])
                try expect(.blockEnd)
                return .capture(first, body)
            }
        }
        try expect(.mark("="))
        let value = try parseTuple()
        try expect(.blockEnd)
        return .assignment(names, value)
    }

    private mutating func parseMemberAssignment(
        _ name: String
    ) throws(TemplateError) -> TemplateStatement.Kind {
        let member = try expectName()
        try expect(.mark("="))
        let value = try parseTuple()
        try expect(.blockEnd)
        return .memberAssignment(name, member, value)
    }

    private mutating func parseMacro() throws(TemplateError) -> TemplateStatement.Kind {
        let name = try expectName()
        var parameters: [(name: String, standard: TemplateExpression?)] = []
        try expect(.mark("("))
        while !skip(.mark(")")) {
            let parameter = try expectName()
            parameters.append((parameter, skip(.mark("=")) ? try parseExpression() : nil))
            if next != .mark(")") { try expect(.mark(",")) }
        }
        try expect(.blockEnd)
        let body = try parseBody(until: ["endmacro"])
        _ = skip(.name(name))
        try expect(.blockEnd)
        return .macro(TemplateMacro(name: name, parameters: parameters, body: body))
    }

    private mutating func parseGeneration() throws(TemplateError) -> TemplateStatement.Kind {
        try expect(.blockEnd)
        let body = try parseBody(until: ["endgeneration"])
        try expect(.blockEnd)
        marksGeneration = true
        return .generation(body)
    }
}
