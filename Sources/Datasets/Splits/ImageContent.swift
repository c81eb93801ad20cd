import FileFormats
import Foundation

/// What tells images apart whatever they are called, the same on every machine.
enum ImageContent {
    /// A hash of each file's bytes; of a file that cannot be read, one of its path.
    static func keys(of paths: some Sequence<String>) -> [String: UInt64] {
        var keys: [String: UInt64] = [:]
        for path in paths where keys[path] == nil {
            keys[path] = key(of: URL(filePath: path)) ?? fnv1a([path])
        }
        return keys
    }

    /// A quarter of SHA-256: among a million images two that differ have one key with a chance
    /// of 3e-8.
    private static func key(of url: URL) -> UInt64? {
        guard let digest = try? Checksums.sha256(of: url) else { return nil }
        return UInt64(digest.prefix(16), radix: 16)
    }
}
