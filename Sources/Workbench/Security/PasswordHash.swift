import Crypto
import CryptoExtras
import Foundation
import Web

/// A password as it is kept: scrypt (RFC 7914) with its costs and salt, in the PHC string format
/// `$scrypt$ln=16,r=8,p=1$salt$key`, both in base 64 without padding.
struct PasswordHash: Sendable, Hashable {
    /// The base-2 logarithm of scrypt's N.
    let logRounds: Int
    let salt: Data
    let key: Data

    private static let blockSize = 8
    private static let parallelism = 1
    private static let keyBytes = 32
    private static let saltBytes = 16

    /// What it costs to try a password: 64 MiB and about 0.2 s.
    static let defaultLogRounds = 16

    /// The bytes that scrypt works in: 128 r N (RFC 7914, section 2).
    static func memory(logRounds: Int) -> Int { 128 * blockSize << logRounds }

    /// Hashes a password with a fresh salt.
    ///
    /// - Throws: `PasswordFault`.
    init(of password: String, logRounds: Int = defaultLogRounds) throws(PasswordFault) {
        self.logRounds = logRounds
        salt = SecretBytes.make(count: Self.saltBytes)
        key = try Self.derive(password, salt: salt, logRounds: logRounds)
    }

    /// Reads the PHC string; nil where it is none of ours.
    init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let logRounds = Self.logRounds(in: parts[2]), (1...20).contains(logRounds),
            let salt = Base64Text.data(parts[3]), !salt.isEmpty,
            let key = Base64Text.data(parts[4]), key.count == Self.keyBytes
        else { return nil }
        self.logRounds = logRounds
        self.salt = salt
        self.key = key
    }

    /// The PHC string.
    var text: String {
        "$scrypt$ln=\(logRounds),r=\(Self.blockSize),p=\(Self.parallelism)"
            + "$\(Base64Text.text(salt))$\(Base64Text.text(key))"
    }

    /// Whether this is the hash of `password`; takes the same time for every password.
    ///
    /// - Throws: `PasswordFault`.
    func matches(_ password: String) throws(PasswordFault) -> Bool {
        let candidate = try Self.derive(password, salt: salt, logRounds: logRounds)
        return SecretBytes.areEqual(candidate, key)
    }

    private static func logRounds(in parameters: Substring) -> Int? {
        let suffix = ",r=\(blockSize),p=\(parallelism)"
        guard parameters.hasPrefix("ln="), parameters.hasSuffix(suffix) else { return nil }
        return Int(parameters.dropFirst(3).dropLast(suffix.count))
    }

    private static func derive(
        _ password: String, salt: Data, logRounds: Int
    ) throws(PasswordFault) -> Data {
        // The library traps on an empty buffer.
        guard !password.isEmpty else { throw .empty }
        do {
            let key = try KDF.Scrypt.deriveKey(
                from: Data(password.utf8), salt: salt, outputByteCount: keyBytes,
                rounds: 1 << logRounds, blockSize: blockSize, parallelism: parallelism)
            return key.withUnsafeBytes { Data($0) }
        } catch {
            throw .derivation
        }
    }
}

/// Why a password could not be hashed.
enum PasswordFault: Error, CustomStringConvertible {
    case empty
    /// scrypt found no memory.
    case derivation

    var description: String {
        switch self {
        case .empty: "the password is empty"
        case .derivation: "scrypt failed, probably for want of memory"
        }
    }
}
