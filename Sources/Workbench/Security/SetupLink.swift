import Feedback
import Web

/// The link by which the first administrator is made: valid once, and only while there is none.
package enum SetupLink {
    /// Makes a new link, which replaces an older one; nil when an administrator has been set up.
    ///
    /// - Parameter origin: Such as `http://127.0.0.1:8080`.
    package static func issue(
        _ accounts: AccountStore, origin: String
    ) async throws(FeedbackError) -> String? {
        let token = SecretBytes.token()
        guard try await accounts.issueSetup(tokenHash: SecretBytes.hash(of: token)) else {
            return nil
        }
        return "\(origin)/setup?token=\(token)"
    }
}
