extension TemplateEvaluator {
    func negate(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        try arithmetic(.subtract, .integer(0), value)
    }

    func arithmetic(
        _ operation: TemplateExpression.Arithmetic,
        _ left: TemplateValue,
        _ right: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        switch (operation, left, right) {
        case (.concatenate, _, _): return try string(try text(of: left) + text(of: right))
        case (.add, .string(let one), .string(let other)): return try string(one + other)
        case (.add, .list(let one), .list(let other)):
            return try list(one.items + other.items)
        case (.multiply, .string(let text), .integer(let count)),
            (.multiply, .integer(let count), .string(let text)):
            return try string(text, times: count)
        default: break
        }
        if let one = Self.integer(left), let other = Self.integer(right), operation != .divide {
            return .integer(try arithmetic(operation, one, other))
        }
        guard let one = Self.number(left), let other = Self.number(right) else {
            throw undefinedFault(left, right)
                ?? fault("'\(operation.rawValue)' of \(left.typeName) and \(right.typeName)")
        }
        return .float(try arithmetic(operation, one, other))
    }

    private func string(_ text: String, times count: Int) throws(TemplateError) -> TemplateValue {
        let (length, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(count, 0))
        guard !overflow, length <= Self.maximumLength else { throw fault("a string is too long") }
        return try string(String(repeating: text, count: max(count, 0)))
    }

    private func arithmetic(
        _ operation: TemplateExpression.Arithmetic,
        _ left: Int,
        _ right: Int
    ) throws(TemplateError) -> Int {
        if operation == .floorDivide || operation == .remainder {
            return try floorDivision(operation, left, right)
        }
        let (result, overflow) =
            switch operation {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            default: left.multipliedReportingOverflow(by: right)
            }
        guard !overflow else { throw fault("a number is too large") }
        return result
    }

    /// Python's: the quotient is rounded down, the remainder has the divisor's sign.
    private func floorDivision(
        _ operation: TemplateExpression.Arithmetic,
        _ left: Int,
        _ right: Int
    ) throws(TemplateError) -> Int {
        guard right != 0 else { throw fault("division by zero") }
        let (quotient, overflow) = left.dividedReportingOverflow(by: right)
        guard !overflow else { throw fault("a number is too large") }
        let remainder = left - quotient * right
        let isOff = remainder != 0 && (remainder < 0) != (right < 0)
        if operation == .floorDivide { return isOff ? quotient - 1 : quotient }
        return isOff ? remainder + right : remainder
    }

    private func arithmetic(
        _ operation: TemplateExpression.Arithmetic,
        _ left: Double,
        _ right: Double
    ) throws(TemplateError) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        default: break
        }
        guard right != 0 else { throw fault("division by zero") }
        let quotient = (left / right).rounded(.down)
        switch operation {
        case .divide: return left / right
        case .floorDivide: return quotient
        default: return left - quotient * right
        }
    }

    static func integer(_ value: TemplateValue) -> Int? {
        switch value {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    static func number(_ value: TemplateValue) -> Double? {
        if case .float(let value) = value { return value }
        return integer(value).map { Double($0) }
    }

    /// The error for the first of the values that is undefined.
    func undefinedFault(_ values: TemplateValue...) -> TemplateError? {
        for case .undefined(let what) in values { return fault(what) }
        return nil
    }
}

extension TemplateEvaluator {
    func compare(
        _ left: TemplateValue,
        _ comparison: TemplateExpression.Comparison,
        _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        switch comparison {
        case .equal: try isEqual(left, right)
        case .unequal: !(try isEqual(left, right))
        case .contained: try contains(right, left)
        case .notContained: !(try contains(right, left))
        case .less: try precedes(left, right)
        case .greater: try precedes(right, left)
        case .lessOrEqual: !(try precedes(right, left))
        case .greaterOrEqual: !(try precedes(left, right))
        }
    }

    func isEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        try charge(min(left.size.weight, right.size.weight))
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let one), .string(let other)): return one.utf8.elementsEqual(other.utf8)
        case (.list(let one), .list(let other)):
            return try isEqual(one.items, other.items)
        case (.dictionary(let one), .dictionary(let other)):
            return try isEqual(one, other)
        case (.namespace(let one), .namespace(let other)): return one === other
        default:
            if let one = Self.integer(left), let other = Self.integer(right) {
                return one == other
            }
            guard let one = Self.number(left), let other = Self.number(right) else {
                return false
            }
            return one == other
        }
    }

    private func isEqual(
        _ left: [TemplateValue],
        _ right: [TemplateValue]
    ) throws(TemplateError) -> Bool {
        guard left.count == right.count else { return false }
        for (one, other) in zip(left, right) where !(try isEqual(one, other)) { return false }
        return true
    }

    private func isEqual(
        _ left: TemplateDictionary,
        _ right: TemplateDictionary
    ) throws(TemplateError) -> Bool {
        guard left.members.count == right.members.count else { return false }
        for member in left.members {
            try charge(right.members.count)
            guard let other = right[member.key], try isEqual(member.value, other) else {
                return false
            }
        }
        return true
    }

    /// Whether `element in container`.
    func contains(
        _ container: TemplateValue,
        _ element: TemplateValue
    ) throws(TemplateError) -> Bool {
        switch (container, element) {
        case (.string(let text), .string(let part)):
            try charge(text.utf8.count / 16)
            return TemplateText.find(part, in: text) != nil
        case (.dictionary(let dictionary), .string(let key)):
            try charge(dictionary.members.count)
            return dictionary[key] != nil
        case (.dictionary, _), (.undefined, _): return false
        case (.list(let list), _):
            for item in list.items where try isEqual(item, element) { return true }
            return false
        default: throw fault("'in' of \(element.typeName) and \(container.typeName)")
        }
    }

    private func precedes(
        _ left: TemplateValue,
        _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        if case .string(let one) = left, case .string(let other) = right {
            return one.unicodeScalars.lexicographicallyPrecedes(other.unicodeScalars)
        }
        guard let one = Self.number(left), let other = Self.number(right) else {
            throw undefinedFault(left, right)
                ?? fault("\(left.typeName) and \(right.typeName) have no order")
        }
        return one < other
    }
}
