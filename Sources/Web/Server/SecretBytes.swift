import Crypto
import FileFormats
import Foundation

/// Random secrets and how they are compared and kept.
package enum SecretBytes {
    /// Bytes of the system's secure random source.
    package static func make(count: Int) -> Data {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { Data($0) }
    }

    /// A secret of 256 bits that is safe in cookies, headers and links.
    package static func token() -> String {
        Base64Text.linkSafe(make(count: 32))
    }

    /// What the store keeps of a token: its SHA-256 in hexadecimal digits. A token has 256 random
    /// bits, so nothing slower is needed.
    package static func hash(of token: String) -> String {
        Checksums.sha256(of: token)
    }

    /// Equality in a time that depends on the lengths alone.
    package static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>)
        -> Bool
    {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}

/// Base 64 (RFC 4648) without padding.
package enum Base64Text {
    package static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("=", with: "")
    }

    package static func linkSafe(_ data: Data) -> String {
        text(data).replacing("+", with: "-").replacing("/", with: "_")
    }

    package static func data(_ text: some StringProtocol) -> Data? {
        Data(base64Encoded: String(text) + String(repeating: "=", count: (4 - text.count % 4) % 4))
    }
}
