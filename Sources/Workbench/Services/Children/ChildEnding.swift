import Subprocess

/// How a child process ended.
struct ChildEnding: Sendable, Hashable, CustomStringConvertible {
    let status: TerminationStatus
    /// The last lines of its standard error.
    let lastWords: String

    /// A clause, as `ended with status 3: no such file`.
    var description: String {
        let ending =
            switch status {
            case .exited(let code): "ended with status \(code)"
            case .signaled(let number): "was ended by signal \(number)"
            }
        return lastWords.isEmpty ? ending : "\(ending): \(lastWords)"
    }
}

/// A child process that could not be started or talked to.
struct ChildError: Error, Sendable, Hashable, CustomStringConvertible {
    let program: String
    let reason: String

    var description: String { "\(program): \(reason)" }
}
