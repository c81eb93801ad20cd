import Foundation

/// How judgements become versions.
package struct UpdateSettings: Sendable {
    /// Path of the program whose subcommands train.
    package var program: String
    /// The base model's name or path.
    package var model: String
    /// The workbench's data folder; a job lives in `jobs/N` of it.
    package var folder: URL
    /// Judgements after which a training starts by itself.
    package var retrainThreshold = 20
    package var automatic = true
    /// The share of raters that must agree on a pair, exclusive.
    package var agreementLevel = 0.5
    /// Behind the engine: people who wait for an answer come first.
    package var niceness = 15
    /// How long a training may take to end after SIGTERM, before SIGKILL.
    package var grace: Duration = .seconds(30)
    /// How often the curves are read.
    package var pollInterval: Duration = .milliseconds(500)
    package var evaluation = EvaluationLimits()

    package init(program: String, model: String, folder: URL) {
        self.program = program
        self.model = model
        self.folder = folder
    }
}

/// How much of what is held out a version is evaluated on.
package struct EvaluationLimits: Sendable {
    package var pairs = 200
    package var cases = 40
    /// The longest answer, in tokens.
    package var tokens = 200

    package init() {}
}
