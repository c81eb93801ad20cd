/// A training run that is ready to start: data read and checked, nothing written yet.
public protocol Trainer {
    /// Trains, from the start or from the newest checkpoint that is sound.
    ///
    /// - Throws: ``TrainingError``, or what the method's parts throw; checkpoints stay.
    func run(resuming: Resumption, interruption: Interruption) throws -> TrainingOutcome

    /// What the run's end should tell besides the outcome, a line each.
    var summary: [String] { get }
}

extension Trainer {
    public var summary: [String] { [] }
}
