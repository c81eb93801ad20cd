import Feedback
import Web

/// What the workbench's web side can be set to.
package struct WorkbenchSettings: Sendable {
    /// Where it listens and under which names.
    package var binding: BindingPolicy
    /// Seconds without a request after which a session ends.
    package var idleLimit = 3_600.0
    /// Seconds after which a session ends in any case.
    package var sessionLimit = 43_200.0
    /// What it costs to try a password: scrypt's N is 2 to this.
    package var passwordLogRounds = PasswordHash.defaultLogRounds

    package init(binding: BindingPolicy) {
        self.binding = binding
    }
}
