import Torch

/// Whether a model's adapters take part in its forward pass, and how; shared by all its layers.
public final class AdapterState {
    /// False inside ``disabled(_:)``: the model is then its own reference model.
    public private(set) var isEnabled = true
    /// Set while training with dropout; its random numbers come from here.
    public var dropoutGenerator: Generator?

    public init() {}

    /// Runs `body` with the adapters switched off.
    public func disabled<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = isEnabled
        isEnabled = false
        defer { isEnabled = before }
        return try body()
    }
}
