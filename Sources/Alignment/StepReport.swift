/// What one optimizer step's work gave: gradients are in place, these are its numbers.
///
/// A step proposes, ``TrainingLoop`` decides. Until it has, a step changes nothing that a later one
/// can see: what the method carries from step to step (running means, controllers, monitors,
/// alarms that are told once) changes in `accept` and nowhere else. Weights, moments, counters and
/// the random streams of ``TrainingState`` are the loop's own affair.
struct StepReport {
    var loss: Double
    /// Tokens that went through the model, padding never counted.
    var tokens: Int
    /// Other curves by their TRL names. Like the loss they are finite, or the step is left out.
    var values: [String: Double]
    /// Records of the step, for messages; a step without any is empty, and nothing comes of it.
    var records: [String]
    /// What a person should know at once; told when the step is accepted.
    var alarms: [String] = []
    /// Changes what the method carries to the next step. Called once, after the update of the
    /// weights, when the step is accepted; never when it is left out or empty.
    var accept: () -> Void = {}
    /// The step again, of one of `records` alone: finds the one at fault. nil where they cannot be
    /// taken apart.
    var alone: ((Int) throws -> StepReport)?
}

/// What a validation gave.
struct Validation {
    /// Decides which checkpoint is the best; lower is better.
    var loss: Double
    /// Other curves, to be logged as `eval_<name>`.
    var values: [String: Double] = [:]
    /// The held-out records, for messages.
    var records: [String] = []
    /// The validation again, of one of `records` alone: finds the one at fault.
    var alone: ((Int) throws -> Validation)?
}

extension StepReport {
    /// The first of its numbers that is not finite: the loss, the gradient, a curve.
    ///
    /// - Parameter norm: of the gradient.
    func fault(norm: Double) -> String? {
        let curves = values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return ([("loss", loss), ("gradient", norm)] + curves).first { !$0.1.isFinite }?.0
    }
}
