extension TemplateEvaluator {
    func join(
        _ value: TemplateValue,
        separator: String
    ) throws(TemplateError) -> TemplateValue {
        var texts: [String] = []
        var length = 0
        for item in try items(of: value) {
            texts.append(try text(of: item))
            length += separator.utf8.count + (texts.last?.utf8.count ?? 0)
            guard length <= 2 * Self.maximumLength else { throw fault("a string is too long") }
        }
        return try string(texts.joined(separator: separator))
    }

    func join(_ value: TemplateValue, _ call: TemplateCall) throws(TemplateError) -> TemplateValue {
        guard let given = call.bound(to: ["d", "attribute"]) else {
            throw fault("join() does not take these arguments")
        }
        let separator = try optionalText(given[0], "join") ?? ""
        guard let path = try optionalText(given[1], "join") else {
            return try join(value, separator: separator)
        }
        return try join(try members(of: value, path), separator: separator)
    }

    /// The members that `attribute` names, or each item through a filter.
    func map(_ value: TemplateValue, _ call: TemplateCall) throws(TemplateError) -> TemplateValue {
        if call.positional.isEmpty, let path = try optionalText(call.named["attribute"], "map") {
            return try members(of: value, path, standard: call.named["default"])
        }
        guard case .string(let name) = call.positional.first else {
            throw fault("map() takes 'attribute' or the name of a filter")
        }
        let rest = TemplateCall(
            positional: Array(call.positional.dropFirst()),
            named: call.named
        )
        var results: [TemplateValue] = []
        for item in try items(of: value) {
            results.append(
                try nested { () throws(TemplateError) in try filter(item, name, rest) }
            )
        }
        return try list(results)
    }

    /// The filters `select`, `reject`, `selectattr` and `rejectattr`.
    func select(
        _ value: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        var arguments = call.positional[...]
        var path: String?
        if name.hasSuffix("attr") {
            guard case .string(let attribute) = arguments.popFirst() else {
                throw fault("\(name)() takes an attribute")
            }
            path = attribute
        }
        let testName = try optionalText(arguments.popFirst(), name)
        let rest = TemplateCall(positional: Array(arguments), named: call.named)
        let keeps = name.hasPrefix("select")
        var kept: [TemplateValue] = []
        for item in try items(of: value) {
            let subject = try path.map { (path) throws(TemplateError) in
                try member(item, path: path)
            }
            let passes =
                try testName.map { (testName) throws(TemplateError) in
                    try test(subject ?? item, testName, rest)
                } ?? (subject ?? item).isTrue
            if passes == keeps { kept.append(item) }
        }
        return try list(kept)
    }

    private func members(
        of value: TemplateValue,
        _ path: String,
        standard: TemplateValue? = nil
    ) throws(TemplateError) -> TemplateValue {
        var results: [TemplateValue] = []
        for item in try items(of: value) {
            let found = try member(item, path: path)
            if case .undefined = found, let standard {
                results.append(standard)
            } else {
                results.append(found)
            }
        }
        return try list(results)
    }

    /// A member of a member, with dots between.
    private func member(
        _ value: TemplateValue,
        path: String
    ) throws(TemplateError) -> TemplateValue {
        var value = value
        for name in path.split(separator: ".") {
            try charge()
            if let index = Int(name) {
                value = try element(value, .integer(index))
            } else {
                value = try member(value, String(name))
            }
        }
        return value
    }
}
