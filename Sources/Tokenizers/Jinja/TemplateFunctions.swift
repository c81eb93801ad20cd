import Foundation

/// The functions that every template knows.
enum TemplateFunctions {
    static let names: Set<String> = [
        "raise_exception", "namespace", "range", "dict", "strftime_now",
    ]

    static let longestRange = 100_000

    /// The local time, as the C library formats it.
    static func now(_ format: String) -> String {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 256)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension TemplateEvaluator {
    func call(
        _ callee: TemplateExpression,
        _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        if case .member(let object, let name) = callee.kind {
            return try method(try evaluate(object), name, try evaluate(arguments))
        }
        switch try evaluate(callee) {
        case .macro(let macro): return try expand(macro, try evaluate(arguments))
        case .function(let name): return try function(name, try evaluate(arguments))
        case let value: throw undefinedFault(value) ?? fault("\(value.typeName) cannot be called")
        }
    }

    private func function(
        _ name: String,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        switch name {
        case "raise_exception":
            throw fault(try text(of: call.positional.first ?? .string("the template refuses this")))
        case "namespace":
            guard call.positional.isEmpty else { throw fault("namespace() takes names only") }
            for case .namespace in call.named.values {
                throw fault("a namespace in a namespace is not supported")
            }
            return .namespace(TemplateNamespace(call.named))
        case "dict":
            guard call.positional.isEmpty else { throw fault("dict() takes names only") }
            return try dictionary(call.named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        case "range": return try range(call)
        default:
            guard call.positional.count == 1, case .string(let format) = call.positional[0] else {
                throw fault("strftime_now() takes a format")
            }
            return .string(TemplateFunctions.now(format))
        }
    }

    private func range(_ call: TemplateCall) throws(TemplateError) -> TemplateValue {
        let bounds = call.positional.compactMap(Self.integer)
        guard (1...3).contains(bounds.count), bounds.count == call.positional.count,
            call.named.isEmpty
        else { throw fault("range() takes one to three whole numbers") }
        let start = bounds.count == 1 ? 0 : bounds[0]
        let stop = bounds.count == 1 ? bounds[0] : bounds[1]
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw fault("range() with a step of zero") }
        var values: [TemplateValue] = []
        for value in stride(from: start, to: stop, by: step) {
            guard values.count < TemplateFunctions.longestRange else {
                throw fault("range() is too long")
            }
            values.append(.integer(value))
        }
        return try list(values)
    }

    /// Runs a macro: it sees the template's names and its own arguments.
    private func expand(
        _ macro: TemplateMacro,
        _ call: TemplateCall
    ) throws(TemplateError) -> TemplateValue {
        guard let given = call.bound(to: macro.parameters.map(\.name)) else {
            throw fault("the macro '\(macro.name)' does not take these arguments")
        }
        let outside = scopes
        defer { scopes = outside }
        scopes = [outside[0], [:]]
        for (parameter, value) in zip(macro.parameters, given) {
            let standard = try parameter.standard.map { (standard) throws(TemplateError) in
                try evaluate(standard)
            }
            set(
                parameter.name,
                value ?? standard ?? .undefined("'\(parameter.name)' was not given")
            )
        }
        return try string(try capture(macro.body))
    }
}
