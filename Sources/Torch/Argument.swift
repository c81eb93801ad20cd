/// A value passed to an operator, in the order of its schema.
public enum Argument {
    case none
    /// Takes the schema's own default.
    case standard
    case tensor(Tensor)
    case int(Int)
    case double(Double)
    case bool(Bool)
    case string(String)
    case device(Device)
    case generator(Generator)
    case ints([Int])
    case doubles([Double])
    case tensors([Tensor])
    /// A list in which nil stands for "the whole dimension", as in `aten::index`.
    case optionalTensors([Tensor?])

    /// An element type, or the schema's own choice.
    public static func dtype(_ value: DType?) -> Argument {
        value.map { .int(Int($0.rawValue)) } ?? .none
    }

    /// A tensor, or none.
    public static func optional(_ value: Tensor?) -> Argument {
        value.map(Argument.tensor) ?? .none
    }
}

extension Argument: CustomStringConvertible {
    public var description: String {
        switch self {
        case .none: "nil"
        case .standard: "default"
        case .tensor(let value): value.description
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): value
        case .device(let value): value.description
        case .generator: "generator"
        case .ints(let value): "\(value)"
        case .doubles(let value): "\(value)"
        case .tensors(let value): "\(value)"
        case .optionalTensors(let value): "\(value)"
        }
    }
}
