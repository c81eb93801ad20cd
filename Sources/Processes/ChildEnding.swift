import Subprocess

/// How a child process ended.
package struct ChildEnding: Sendable, Hashable, CustomStringConvertible {
    package let status: TerminationStatus
    /// The last lines of its standard error, where that came here.
    package let stderrTail: String
    /// The most memory it had resident; 0 where the system did not say.
    package let peakMemoryBytes: Int

    /// A clause, as `ended with status 3: no such file`.
    package var description: String {
        let ending =
            switch status {
            case .exited(let code): "ended with status \(code)"
            case .signaled(let number): "was ended by signal \(number)"
            }
        return stderrTail.isEmpty ? ending : "\(ending): \(stderrTail)"
    }
}

/// A child process that could not be started or talked to.
package struct ChildError: Error, Sendable, Hashable, CustomStringConvertible {
    package let program: String
    package let reason: String

    package var description: String { "\(program): \(reason)" }
}
