extension TemplateEvaluator {
    /// Whether `value is name(...)`.
    func test(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> Bool {
        if let result = Self.typeTest(value, name) { return result }
        switch name {
        case "odd", "even", "divisibleby": return try divides(value, name, call)
        case "equalto", "eq", "==", "sameas":
            return try compare(value, .equal, try operand(name, call))
        case "ne", "!=": return try compare(value, .unequal, try operand(name, call))
        case "in": return try compare(value, .contained, try operand(name, call))
        case "lt", "lessthan", "<": return try compare(value, .less, try operand(name, call))
        case "le", "<=": return try compare(value, .lessOrEqual, try operand(name, call))
        case "gt", "greaterthan", ">":
            return try compare(value, .greater, try operand(name, call))
        case "ge", ">=": return try compare(value, .greaterOrEqual, try operand(name, call))
        default: throw fault("the test '\(name)' is not supported")
        }
    }

    private static func typeTest(_ value: TemplateValue, _ name: String) -> Bool? {
        switch (name, value) {
        case ("defined", .undefined): false
        case ("defined", _): true
        case ("undefined", .undefined), ("none", .none): true
        case ("string", .string), ("mapping", .dictionary), ("boolean", .bool): true
        case ("number", .integer), ("number", .float), ("number", .bool): true
        case ("integer", .integer), ("float", .float): true
        case ("true", .bool(let value)): value
        case ("false", .bool(let value)): !value
        case ("iterable", .list), ("iterable", .dictionary), ("iterable", .string): true
        case ("iterable", .undefined): true
        case ("sequence", .list), ("sequence", .dictionary), ("sequence", .string): true
        case ("sequence", .undefined): true
        case ("callable", .macro), ("callable", .function): true
        case ("undefined", _), ("none", _), ("string", _), ("mapping", _), ("boolean", _),
            ("number", _), ("integer", _), ("float", _), ("true", _), ("false", _),
            ("iterable", _), ("sequence", _), ("callable", _):
            false
        default: nil
        }
    }

    private func operand(
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        guard call.positional.count == 1, call.named.isEmpty else {
            throw fault("the test '\(name)' takes one value")
        }
        return call.positional[0]
    }

    private func divides(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> Bool {
        let divisor = name == "divisibleby" ? try operand(name, call) : .integer(2)
        let remainder = try arithmetic(.remainder, value, divisor)
        return try isEqual(remainder, .integer(name == "odd" ? 1 : 0))
    }
}
