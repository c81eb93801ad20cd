extension TemplateEvaluator {
    /// What `object.name(...)` gives.
    func method(
        _ object: TemplateValue,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        switch object {
        case .string(let text):
            try charge(text.utf8.count / 16)
            return try stringMethod(text, name, call)
        case .dictionary(let dictionary): return try dictionaryMethod(dictionary, name, call)
        case .undefined(let what): throw fault(what)
        default: throw unknownMethod(object, name)
        }
    }

    private func unknownMethod(_ object: TemplateValue, _ name: String) -> TemplateError {
        fault("the method '\(name)' of \(object.typeName) is not supported")
    }

    private func dictionaryMethod(
        _ dictionary: TemplateDictionary,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        try charge(dictionary.members.count)
        switch name {
        case "items": return try pairs(of: dictionary)
        case "keys": return try list(dictionary.members.map { .string($0.key) })
        case "values": return try list(dictionary.members.map(\.value))
        case "get":
            guard let key = call.positional.first else { throw fault("get() takes a key") }
            if case .string(let key) = key, let value = dictionary[key] { return value }
            return call.positional.dropFirst().first ?? call.named["default"] ?? .none
        default: throw unknownMethod(.dictionary(dictionary), name)
        }
    }

    func pairs(of dictionary: TemplateDictionary) throws(TemplateError) -> TemplateValue {
        var pairs: [TemplateValue] = []
        for (key, value) in dictionary.members {
            pairs.append(try list([.string(key), value]))
        }
        return try list(pairs)
    }

    private func stringMethod(
        _ text: String,
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        switch name {
        case "upper": return try string(text.uppercased())
        case "lower": return try string(text.lowercased())
        case "title": return try string(TemplateText.title(text))
        case "capitalize": return try string(TemplateText.capitalize(text))
        case "strip", "lstrip", "rstrip":
            let set = try optionalText(call.positional.first, name)
            return try string(
                TemplateText.strip(text, set, left: name != "rstrip", right: name != "lstrip")
            )
        case "startswith":
            return .bool(try affixes(call, name).contains { text.utf8.starts(with: $0.utf8) })
        case "endswith":
            return .bool(
                try affixes(call, name).contains { affix in
                    text.utf8.reversed().starts(with: affix.utf8.reversed())
                }
            )
        case "split": return try split(text, call)
        case "replace": return try replace(text, call)
        case "join": return try join(call.positional.first ?? .none, separator: text)
        case "find": return try find(text, call)
        default: throw unknownMethod(.string(text), name)
        }
    }

    private func affixes(
        _ call: TemplateCall,
        _ name: String
    ) throws(TemplateError) -> [String] {
        switch call.positional.first {
        case .string(let text): return [text]
        case .list(let list):
            let texts = list.items.compactMap { item -> String? in
                if case .string(let text) = item { text } else { nil }
            }
            guard texts.count == list.items.count else { throw fault("\(name)() takes strings") }
            return texts
        default: throw fault("\(name)() takes a string")
        }
    }

    func optionalText(
        _ value: TemplateValue?,
        _ name: String
    ) throws(TemplateError) -> String? {
        switch value {
        case nil, .some(.none): return nil
        case .string(let text): return text
        default: throw fault("\(name)() takes a string")
        }
    }

    private func split(_ text: String, _ call: TemplateCall) throws(TemplateError) -> TemplateValue
    {
        guard let given = call.bound(to: ["sep", "maxsplit"]) else {
            throw fault("split() does not take these arguments")
        }
        let limit = given[1].flatMap(Self.integer) ?? -1
        guard let separator = try optionalText(given[0], "split") else {
            guard limit < 0 else { throw fault("split() with a limit needs a separator") }
            return try list(TemplateText.words(text).map { .string($0) })
        }
        guard !separator.isEmpty else { throw fault("split() with an empty separator") }
        let pieces = TemplateText.split(text, by: separator, limit: limit < 0 ? .max : limit)
        return try list(pieces.map { .string($0) })
    }

    func replace(_ text: String, _ call: TemplateCall) throws(TemplateError) -> TemplateValue {
        guard let given = call.bound(to: ["old", "new", "count"]),
            let old = try optionalText(given[0], "replace"),
            let new = try optionalText(given[1], "replace")
        else { throw fault("replace() takes two strings and a count") }
        guard !old.isEmpty else { throw fault("replace() of an empty string is not supported") }
        let limit = given[2].flatMap(Self.integer) ?? .max
        let most = text.utf8.count / old.utf8.count
        let (growth, overflow) = most.multipliedReportingOverflow(by: new.utf8.count)
        guard !overflow, growth + text.utf8.count <= 4 * Self.maximumLength else {
            throw fault("a string is too long")
        }
        try charge(growth / 16)
        return try string(
            TemplateText.replace(text, old, new, limit: limit < 0 ? .max : limit)
        )
    }

    /// The place in scalars, -1 where there is none.
    private func find(_ text: String, _ call: TemplateCall) throws(TemplateError) -> TemplateValue {
        guard call.positional.count == 1,
            let part = try optionalText(call.positional.first, "find")
        else { throw fault("find() takes a string") }
        let prefix = TemplateText.find(part, in: text).map { text.utf8.prefix($0) }
        return .integer(
            prefix.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count } ?? -1
        )
    }
}
