import Torch

/// Which of a model's adapters takes part in its forward pass, and how; shared by all its layers.
public final class AdapterState {
    /// The adapter that takes part; nil for none: the model is then its own reference model.
    ///
    /// Either ``AdapterName/default`` or a name that adapters were attached under: a name that is
    /// only misspelt would silently be the base model, and traps.
    public var active: AdapterName? = .default {
        willSet {
            guard let newValue else { return }
            precondition(known.contains(newValue), "no adapter is called '\(newValue.rawValue)'")
        }
    }
    /// Set while training with dropout; its random numbers come from here.
    public var dropoutGenerator: Generator?
    private var known: Set<AdapterName> = [.default]

    public init() {}

    /// Runs `body` with another adapter active; nil for none.
    ///
    /// A backward pass may follow later: it uses the adapter that its forward pass had.
    public func with<Result, Failure: Error>(
        _ name: AdapterName?, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = active
        active = name
        defer { active = before }
        return try body()
    }

    /// Runs `body` with another adapter and another source of dropout; nil for no dropout.
    public func with<Result, Failure: Error>(
        _ name: AdapterName?, dropout generator: Generator?, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = dropoutGenerator
        dropoutGenerator = generator
        defer { dropoutGenerator = before }
        return try with(name, body)
    }

    /// Runs `body` with the adapters switched off.
    public func disabled<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try with(nil, body)
    }

    func register(_ name: AdapterName) { known.insert(name) }
}
