extension TemplateEvaluator {
    func evaluate(_ expression: TemplateExpression) throws(TemplateError) -> TemplateValue {
        line = expression.line
        try charge()
        return try nested { () throws(TemplateError) in try value(of: expression.kind) }
    }

    private func value(
        of kind: TemplateExpression.Kind
    ) throws(TemplateError) -> TemplateValue {
        switch kind {
        case .none: .none
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .float(let value): .float(value)
        case .string(let text): .string(text)
        case .name(let name): lookUp(name)
        case .list(let items): try list(try evaluate(items))
        case .dictionary(let members): try dictionary(of: members)
        case .member(let object, let name): try member(try evaluate(object), name)
        case .element(let object, let index):
            try element(try evaluate(object), try evaluate(index))
        case .slice(let object, let bounds): try slice(try evaluate(object), bounds)
        case .negate(let operand): try negate(try evaluate(operand))
        case .not(let operand): .bool(!(try evaluate(operand).isTrue))
        case .and, .or, .choice: try choice(kind)
        case .arithmetic(let operation, let left, let right):
            try arithmetic(operation, try evaluate(left), try evaluate(right))
        case .comparison(let first, let rest): try comparison(first, rest)
        case .filter(let operand, let name, let arguments):
            try filter(try evaluate(operand), name, try evaluate(arguments))
        case .test(let operand, let name, let arguments):
            .bool(try test(try evaluate(operand), name, try evaluate(arguments)))
        case .call(let callee, let arguments): try call(callee, arguments)
        }
    }

    func evaluate(
        _ expressions: [TemplateExpression]
    ) throws(TemplateError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    private func choice(
        _ kind: TemplateExpression.Kind
    ) throws(TemplateError) -> TemplateValue {
        switch kind {
        case .and(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? try evaluate(right) : value
        case .or(let left, let right):
            let value = try evaluate(left)
            return value.isTrue ? value : try evaluate(right)
        case .choice(let test, let then, let otherwise):
            if try evaluate(test).isTrue { return try evaluate(then) }
            return try otherwise.map { (other) throws(TemplateError) in try evaluate(other) }
                ?? .undefined("an 'if' without 'else' gave nothing")
        default: return .none
        }
    }

    private func dictionary(
        of members: [(key: TemplateExpression, value: TemplateExpression)]
    ) throws(TemplateError) -> TemplateValue {
        var evaluated: [(key: String, value: TemplateValue)] = []
        for member in members {
            guard case .string(let key) = try evaluate(member.key) else {
                throw fault("a key that is not a string is not supported")
            }
            let value = try evaluate(member.value)
            try charge(evaluated.count)
            if let index = evaluated.firstIndex(where: { $0.key.utf8.elementsEqual(key.utf8) }) {
                evaluated[index].value = value
            } else {
                evaluated.append((key, value))
            }
        }
        return try dictionary(evaluated)
    }

    private func comparison(
        _ first: TemplateExpression,
        _ rest: [(TemplateExpression.Comparison, TemplateExpression)]
    ) throws(TemplateError) -> TemplateValue {
        var left = try evaluate(first)
        for (comparison, operand) in rest {
            let right = try evaluate(operand)
            guard try compare(left, comparison, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    func evaluate(
        _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateCall {
        var named: [String: TemplateValue] = [:]
        for argument in arguments.named { named[argument.name] = try evaluate(argument.value) }
        return TemplateCall(positional: try evaluate(arguments.positional), named: named)
    }
}

/// The arguments of a call.
struct TemplateCall {
    var positional: [TemplateValue]
    var named: [String: TemplateValue]

    /// The arguments in the order of their names; nil where one is not given.
    ///
    /// - Returns: nil when there are more than names, or others.
    func bound(to names: [String]) -> [TemplateValue?]? {
        guard positional.count <= names.count, named.keys.allSatisfy(names.contains) else {
            return nil
        }
        return names.enumerated().map { index, name in
            index < positional.count ? positional[index] : named[name]
        }
    }
}
