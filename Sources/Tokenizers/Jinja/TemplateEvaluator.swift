/// Runs a template.
///
/// A class because it is one run with one budget; it never leaves the call that made it.
final class TemplateEvaluator {
    /// Steps that one rendering may take: a second or two of work.
    private static let budget = 5_000_000
    /// Bytes of the output and of every string.
    static let maximumLength = 16 << 20
    /// Levels of statements and expressions within each other, macros included.
    private static let maximumDepth = 250

    let name: String
    var line = 1
    /// From the whole template to the innermost loop.
    var scopes: [[String: TemplateValue]]
    var output = ""
    /// How many `set` blocks and macros collect the output.
    var captures = 0
    var generated: [Range<Int>] = []
    private var steps = 0
    private var depth = 0

    private init(name: String, context: [String: TemplateValue]) {
        self.name = name
        scopes = [context]
    }

    static func render(
        _ program: TemplateProgram,
        name: String,
        context: [String: TemplateValue]
    ) throws(TemplateError) -> TemplateRendering {
        let evaluator = TemplateEvaluator(name: name, context: context)
        _ = try evaluator.run(program.body)
        return TemplateRendering(text: evaluator.output, generated: evaluator.generated)
    }

    func fault(_ reason: String) -> TemplateError {
        TemplateError(template: name, line: line, reason: reason)
    }

    /// Counts work.
    func charge(_ count: Int = 1) throws(TemplateError) {
        steps += count
        guard steps <= Self.budget else { throw fault("the template takes too many steps") }
    }

    /// Counts a level while `body` runs.
    func nested<Value>(
        _ body: () throws(TemplateError) -> Value
    ) throws(TemplateError) -> Value {
        guard depth < Self.maximumDepth else { throw fault("nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    /// A string value, unless it is too long.
    func string(_ text: String) throws(TemplateError) -> TemplateValue {
        try charge(text.utf8.count / 16)
        guard text.utf8.count <= Self.maximumLength else { throw fault("a string is too long") }
        return .string(text)
    }

    /// A list value, unless it is too large.
    func list(_ items: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        try charge(items.count)
        let list = TemplateList(items)
        try check(list.weight, list.depth, items)
        return .list(list)
    }

    func dictionary(
        _ members: [(key: String, value: TemplateValue)]
    ) throws(TemplateError) -> TemplateValue {
        try charge(members.count)
        let dictionary = TemplateDictionary(members)
        try check(dictionary.weight, dictionary.depth, members.map(\.value))
        return .dictionary(dictionary)
    }

    private func check(
        _ weight: Int,
        _ depth: Int,
        _ items: [TemplateValue]
    ) throws(TemplateError) {
        guard weight <= TemplateSize.maximumWeight, depth <= TemplateSize.maximumDepth else {
            throw fault("a list or mapping is too large")
        }
        // A namespace could come to hold itself.
        for case .namespace in items { throw fault("a namespace in a list is not supported") }
    }

    func write(_ text: String) throws(TemplateError) {
        try charge(1 + text.utf8.count / 16)
        output += text
        guard output.utf8.count <= Self.maximumLength else {
            throw fault("the output is too long")
        }
    }

    func lookUp(_ name: String) -> TemplateValue {
        for scope in scopes.reversed() {
            if let value = scope[name] { return value }
        }
        return TemplateFunctions.names.contains(name)
            ? .function(name) : .undefined("'\(name)' is undefined")
    }

    func set(_ name: String, _ value: TemplateValue) {
        scopes[scopes.count - 1][name] = value
    }
}
