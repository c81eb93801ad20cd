/// What one optimizer step's work gave: gradients are in place, these are its numbers.
struct StepReport {
    var loss: Double
    /// Tokens that went through the model, padding never counted.
    var tokens: Int
    /// Other curves by their TRL names.
    var values: [String: Double]
    /// Records of the step, for messages.
    var records: [String]
    /// What a person should know at once.
    var alarms: [String] = []
}

/// What a validation gave.
struct Validation {
    /// Decides which checkpoint is the best; lower is better.
    var loss: Double
    /// Other curves, to be logged as `eval_<name>`.
    var values: [String: Double] = [:]
}
