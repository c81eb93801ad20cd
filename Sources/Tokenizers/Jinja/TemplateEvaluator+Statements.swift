extension TemplateEvaluator {
    /// How a body ended.
    enum Flow {
        case normal
        case leaveLoop
        case continueLoop
    }

    func run(_ body: [TemplateStatement]) throws(TemplateError) -> Flow {
        for statement in body {
            line = statement.line
            try charge()
            let flow = try nested { () throws(TemplateError) in try run(statement.kind) }
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func run(_ statement: TemplateStatement.Kind) throws(TemplateError) -> Flow {
        switch statement {
        case .text(let text): try write(text)
        case .output(let value): try write(try text(of: try evaluate(value)))
        case .condition(let branches, let otherwise):
            for branch in branches where try evaluate(branch.test).isTrue {
                return try run(branch.body)
            }
            return try run(otherwise)
        case .loop(let loop): return try run(loop)
        case .assignment(let names, let value): try bind(names, try evaluate(value))
        case .memberAssignment(let name, let member, let value):
            try assign(name, member, try evaluate(value))
        case .capture(let name, let body): set(name, try string(try capture(body)))
        case .macro(let macro): set(macro.name, .macro(macro))
        case .generation(let body): return try runGeneration(body)
        case .leaveLoop: return .leaveLoop
        case .continueLoop: return .continueLoop
        }
        return .normal
    }

    private func runGeneration(_ body: [TemplateStatement]) throws(TemplateError) -> Flow {
        guard captures == 0 else {
            throw fault("'generation' within 'set' or a macro is not supported")
        }
        let start = output.utf8.count
        let flow = try run(body)
        generated.append(start..<output.utf8.count)
        return flow
    }

    /// What a body writes, kept from the output.
    func capture(_ body: [TemplateStatement]) throws(TemplateError) -> String {
        let outside = output
        output = ""
        captures += 1
        defer {
            output = outside
            captures -= 1
        }
        _ = try run(body)
        return output
    }

    private func assign(
        _ name: String,
        _ member: String,
        _ value: TemplateValue
    ) throws(TemplateError) {
        guard case .namespace(let namespace) = lookUp(name) else {
            throw fault("'\(name)' is not a namespace")
        }
        if case .namespace = value { throw fault("a namespace in a namespace is not supported") }
        namespace.members[member] = value
    }

    /// Gives a value to a name, or the items of a list to several.
    func bind(_ names: [String], _ value: TemplateValue) throws(TemplateError) {
        guard names.count != 1 else { return set(names[0], value) }
        let items = try items(of: value)
        guard items.count == names.count else {
            throw fault("\(items.count) values for \(names.count) names")
        }
        for (name, item) in zip(names, items) { set(name, item) }
    }

    private func run(_ loop: TemplateLoop) throws(TemplateError) -> Flow {
        var items = try items(of: try evaluate(loop.sequence))
        if let filter = loop.filter { items = try self.items(items, loop.names, filter) }
        guard !items.isEmpty else { return try run(loop.otherwise) }
        scopes.append([:])
        defer { scopes.removeLast() }
        for index in items.indices {
            scopes[scopes.count - 1] = ["loop": try loopState(items, index)]
            try bind(loop.names, items[index])
            if try run(loop.body) == .leaveLoop { break }
        }
        return .normal
    }

    private func items(
        _ items: [TemplateValue],
        _ names: [String],
        _ filter: TemplateExpression
    ) throws(TemplateError) -> [TemplateValue] {
        scopes.append([:])
        defer { scopes.removeLast() }
        var kept: [TemplateValue] = []
        for item in items {
            try bind(names, item)
            if try evaluate(filter).isTrue { kept.append(item) }
        }
        return kept
    }

    private func loopState(
        _ items: [TemplateValue],
        _ index: Int
    ) throws(TemplateError) -> TemplateValue {
        let last = items.count - 1
        var members: [(key: String, value: TemplateValue)] = [
            ("index", .integer(index + 1)), ("index0", .integer(index)),
            ("revindex", .integer(last - index + 1)), ("revindex0", .integer(last - index)),
            ("first", .bool(index == 0)), ("last", .bool(index == last)),
            ("length", .integer(items.count)),
        ]
        if index > 0 { members.append(("previtem", items[index - 1])) }
        if index < last { members.append(("nextitem", items[index + 1])) }
        return try dictionary(members)
    }
}
