/// Adapters that do not fit the model.
public enum AdapterError: Error, Sendable, Equatable, CustomStringConvertible {
    case unknownTarget(String, known: [String])
    case badPattern(String)
    case unknownModule(String)
    case missingModule(String)
    case shape(module: String, expected: [Int], found: [Int])

    public var description: String {
        switch self {
        case .unknownTarget(let name, let known):
            "no linear layer is called '\(name)'; there are \(known.joined(separator: ", ")), "
                + "or all-linear"
        case .badPattern(let pattern): "'\(pattern)' is no regular expression"
        case .missingModule(let path):
            "the adapter says that '\(path)' was trained whole, but has no weights of it"
        case .unknownModule(let path): "the model has no module '\(path)' for the adapter"
        case .shape(let module, let expected, let found):
            "adapter of \(module): sizes \(found), but the model wants \(expected)"
        }
    }
}
