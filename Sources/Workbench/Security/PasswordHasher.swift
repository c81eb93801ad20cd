import Dispatch
import Web

/// Hashes and compares passwords on a thread of its own, one at a time: neither the event loops
/// nor the store wait for it, and a flood of log-ins costs the memory of one.
struct PasswordHasher: Sendable {
    private let logRounds: Int
    /// Compared with where there is no such account, so that this takes as long.
    private let decoy: PasswordHash
    private let queue = DispatchQueue(label: "preceptor.passwords", qos: .utility)

    /// - Throws: `PasswordFault`.
    init(logRounds: Int = PasswordHash.defaultLogRounds) throws(PasswordFault) {
        self.logRounds = logRounds
        decoy = try PasswordHash(of: SecretBytes.token(), logRounds: logRounds)
    }

    /// The hash to be kept, as a PHC string.
    ///
    /// - Throws: `PasswordFault`.
    func hash(_ password: String) async throws -> String {
        try await onQueue { [logRounds] in
            try PasswordHash(of: password, logRounds: logRounds).text
        }
    }

    /// Whether the password belongs to the hash; false, after the usual time, without a hash.
    ///
    /// - Throws: `PasswordFault`.
    func matches(_ password: String, hash: String?) async throws -> Bool {
        let kept = hash.flatMap { PasswordHash(text: $0) }
        return try await onQueue { [decoy] in
            let isEqual = try (kept ?? decoy).matches(password)
            return isEqual && kept != nil
        }
    }

    private func onQueue<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
