import Records

/// A value while a template runs, with Python's meaning.
enum TemplateValue {
    /// What a name or a member that is not there gives; the text says what is missing.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case list(TemplateList)
    case dictionary(TemplateDictionary)
    case namespace(TemplateNamespace)
    case macro(TemplateMacro)
    /// A function of the interpreter's own.
    case function(String)

    /// From JSON; an object's members come in the order of their names, since JSON has none.
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(TemplateList(values.map { TemplateValue($0) }))
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            self = .dictionary(
                TemplateDictionary(sorted.map { ($0.key, TemplateValue($0.value)) })
            )
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.items.isEmpty
        case .dictionary(let dictionary): !dictionary.members.isEmpty
        case .namespace, .macro, .function: true
        }
    }

    /// A measure of what it takes to go through the value, and how deep it is.
    var size: (weight: Int, depth: Int) {
        switch self {
        case .string(let text): (1 + text.utf8.count / 64, 1)
        case .list(let list): (list.weight, list.depth)
        case .dictionary(let dictionary): (dictionary.weight, dictionary.depth)
        default: (1, 1)
        }
    }

    /// For error messages.
    var typeName: String {
        switch self {
        case .undefined: "undefined"
        case .none: "none"
        case .bool: "a boolean"
        case .integer, .float: "a number"
        case .string: "a string"
        case .list: "a list"
        case .dictionary: "a mapping"
        case .namespace: "a namespace"
        case .macro: "a macro"
        case .function: "a function"
        }
    }
}

/// A list that knows its size: what holds itself many times over is refused before it is walked.
final class TemplateList {
    let items: [TemplateValue]
    let weight: Int
    let depth: Int

    init(_ items: [TemplateValue]) {
        self.items = items
        (weight, depth) = TemplateSize.sum(items)
    }
}

/// A mapping in the order in which it was written.
final class TemplateDictionary {
    let members: [(key: String, value: TemplateValue)]
    let weight: Int
    let depth: Int

    init(_ members: [(key: String, value: TemplateValue)]) {
        self.members = members
        (weight, depth) = TemplateSize.sum(members.map(\.value))
    }

    subscript(key: String) -> TemplateValue? {
        members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }
}

/// `namespace()`: members that a loop can set for what comes after it.
final class TemplateNamespace {
    var members: [String: TemplateValue]

    init(_ members: [String: TemplateValue]) {
        self.members = members
    }
}

enum TemplateSize {
    static let maximumWeight = 250_000
    static let maximumDepth = 100

    static func sum(_ items: [TemplateValue]) -> (weight: Int, depth: Int) {
        items.reduce((1, 1)) { total, item in
            let size = item.size
            return (
                min(total.0 + size.weight, Int.max / 2), max(total.1, size.depth + 1)
            )
        }
    }
}
