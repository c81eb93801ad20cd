/// What one adapter of a model is called, as PEFT's `adapter_name`.
public struct AdapterName: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public init(stringLiteral value: String) { rawValue = value }

    /// The name of a model's only or first adapter.
    public static let `default`: AdapterName = "default"
}
