extension TemplateEvaluator {
    /// What `value | name(...)` gives.
    func filter(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        switch name {
        case "default", "d": return try standard(value, call)
        case "tojson": return try json(value, call)
        case "length", "count": return .integer(try length(of: value))
        case "list": return try list(try items(of: value))
        case "string", "safe": return try string(try text(of: value))
        case "int", "float", "abs": return try number(value, name, call)
        case "first": return try items(of: value).first ?? .undefined("the list is empty")
        case "last": return try items(of: value).last ?? .undefined("the list is empty")
        case "reverse": return try reversed(value)
        case "items": return try pairs(value)
        case "join": return try join(value, call)
        case "map": return try map(value, call)
        case "select", "reject", "selectattr", "rejectattr":
            return try select(value, name, call)
        default: return try textFilter(value, name, call)
        }
    }

    private func textFilter(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        let text = try text(of: value)
        try charge(text.utf8.count / 16)
        switch name {
        case "trim":
            let set = try optionalText(call.positional.first, name)
            return try string(TemplateText.strip(text, set, left: true, right: true))
        case "upper": return try string(text.uppercased())
        case "lower": return try string(text.lowercased())
        case "title": return try string(TemplateText.title(text))
        case "capitalize": return try string(TemplateText.capitalize(text))
        case "replace": return try replace(text, call)
        case "indent": return try indented(text, call)
        default: throw fault("the filter '\(name)' is not supported")
        }
    }

    private func standard(
        _ value: TemplateValue,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        guard let given = call.bound(to: ["default_value", "boolean"]) else {
            throw fault("default() does not take these arguments")
        }
        let standard = given[0] ?? .string("")
        if case .undefined = value { return standard }
        return given[1]?.isTrue == true && !value.isTrue ? standard : value
    }

    private func json(
        _ value: TemplateValue,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        guard let given = call.bound(to: ["indent", "ensure_ascii"]), given[1]?.isTrue != true
        else { throw fault("tojson() takes 'indent' and 'ensure_ascii=false' only") }
        let indent = given[0].flatMap(Self.integer)
        guard (0...16).contains(indent ?? 0) else { throw fault("tojson() with a wide indent") }
        return try string(try json(value, indent: indent))
    }

    func length(of value: TemplateValue) throws(TemplateError) -> Int {
        switch value {
        case .string(let text):
            try charge(text.utf8.count / 16)
            return text.unicodeScalars.count
        case .list(let list): return list.items.count
        case .dictionary(let dictionary): return dictionary.members.count
        case .undefined: return 0
        default: throw fault("\(value.typeName) has no length")
        }
    }

    private func number(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        let standard = call.positional.first ?? call.named["default"]
        var number = Self.number(value)
        if case .string(let text) = value {
            let plain = TemplateText.strip(text, nil, left: true, right: true)
            if name == "int", let whole = Int(plain) { return .integer(whole) }
            number = Double(plain)
        }
        switch name {
        case "float": return number.map { .float($0) } ?? standard ?? .float(0)
        case "int":
            if let whole = Self.integer(value) { return .integer(whole) }
            let whole = number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
            return whole.map { .integer($0) } ?? standard ?? .integer(0)
        default:
            guard let number else { throw fault("abs of \(value.typeName)") }
            return number < 0 ? try negate(value) : value
        }
    }

    private func reversed(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        if case .string(let text) = value {
            return try string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
        }
        return try list(try items(of: value).reversed())
    }

    private func pairs(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch value {
        case .dictionary(let dictionary): return try pairs(of: dictionary)
        case .undefined: return try list([])
        default: throw fault("\(value.typeName) has no items")
        }
    }

    private func indented(_ text: String, _ call: TemplateCall) throws(TemplateError)
        -> TemplateValue
    {
        guard let given = call.bound(to: ["width", "first", "blank"]) else {
            throw fault("indent() does not take these arguments")
        }
        let width = given[0].flatMap(Self.integer) ?? 4
        guard (0...64).contains(width) else { throw fault("indent() with this width") }
        let margin = String(repeating: " ", count: width)
        let lines = TemplateText.split(text, by: "\n", limit: .max)
        try charge(lines.count * (1 + width / 16))
        let indentsBlank = given[2]?.isTrue == true
        let rest = lines.dropFirst().map { $0.isEmpty && !indentsBlank ? $0 : margin + $0 }
        let first = (given[1]?.isTrue == true ? margin : "") + (lines.first ?? "")
        return try string(([first] + rest).joined(separator: "\n"))
    }
}
