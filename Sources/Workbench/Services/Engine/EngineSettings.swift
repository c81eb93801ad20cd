/// How the engine process is started and how long it is waited for.
package struct EngineSettings: Sendable {
    /// Path of the program.
    package var program: String
    /// `engine --model M`.
    package var arguments: [String]
    /// The wait before a process that ended is started again; doubles with every start that
    /// serves no request.
    package var restartDelay: Duration = .seconds(1)
    package var longestRestartDelay: Duration = .seconds(60)
    /// How long the process may say nothing while it loads or computes.
    package var patience: Duration = .seconds(600)
    /// How long it may take to end when its input closes, and again after SIGTERM.
    package var grace: Duration = .seconds(5)

    /// Requests that the process has at once; it draws about as many answers together.
    package var requestsAtOnce = 16

    /// The server answers before the model writes on.
    package var niceness = 10

    package init(program: String, arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }
}

/// What the engine process is at.
package enum EngineState: Sendable, Hashable {
    case starting
    case ready(model: String)
    /// It ended and is about to be started again.
    case restarting(reason: String)
    case stopped
}
