import Crypto
import CryptoExtras
import Foundation
import Records

/// Replacements in a file that only a passphrase opens: a mark of 20 bytes, a salt of 16, and
/// AES-256-GCM (nonce, ciphertext, tag) under a key from scrypt; mark and salt are authenticated.
package struct MappingFile: Sendable {
    private let path: String
    private let passphrase: Passphrase

    private static let mark = Data("preceptor mapping 1\n".utf8)
    private static let saltBytes = 16
    /// scrypt's N, r and p: 128 MiB to try a passphrase.
    private static let (rounds, blockSize, parallelism) = (1 << 17, 8, 1)

    package init(_ path: String, opened passphrase: Passphrase) {
        (self.path, self.passphrase) = (path, passphrase)
    }

    /// Refuses what `write` would refuse, before work is done for it.
    ///
    /// - Throws: `.exists`; `.unwritable`.
    package func requireRoom() throws(ImageError) {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            var facts = stat()
            guard lstat(path, &facts) != 0 else { throw .exists }
            let folder = URL(filePath: path).deletingLastPathComponent().path
            guard access(folder, W_OK | X_OK) == 0 else {
                throw .unwritable(ImageBytes.systemReason())
            }
        }
    }

    /// The file appears whole or not at all, for its owner alone; none is replaced.
    ///
    /// - Throws: `.exists`; `.unwritable`; `.outOfMemory`.
    package func write(_ replacements: Replacements) throws(ImageError) {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            let encoder = JSONEncoder.line
            let salt = SymmetricKey(size: SymmetricKeySize(bitCount: 8 * Self.saltBytes))
                .withUnsafeBytes { Data($0) }
            let head = Self.mark + salt
            let key = try key(salt)
            guard let text = try? encoder.encode(replacements),
                let box = try? AES.GCM.seal(text, using: key, authenticating: head),
                let sealed = box.combined
            else { throw .unwritable("it cannot be encrypted") }
            try NewFile.write([UInt8](head + sealed), to: path, overwrite: false, mode: 0o600)
        }
    }

    /// - Throws: `.corrupt` for another file; `.unreadable` for another passphrase.
    package func read(limits: ImageLimits = .standard) throws(ImageError) -> Replacements {
        try ImageProblem.named(path) { () throws(ImageProblem) in
            let bytes = Data(try ImageBytes.load(path, limits: limits))
            let head = bytes.prefix(Self.mark.count + Self.saltBytes)
            guard bytes.starts(with: Self.mark),
                let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst(head.count))
            else { throw .corrupt("it is no mapping file") }
            let key = try key(head.dropFirst(Self.mark.count))
            guard let text = try? AES.GCM.open(box, using: key, authenticating: head) else {
                throw .unreadable("the passphrase is wrong, or the file was changed")
            }
            guard let replacements = try? JSONDecoder().decode(Replacements.self, from: text) else {
                throw .corrupt("it holds no mapping")
            }
            return replacements
        }
    }

    private func key(_ salt: Data) throws(ImageProblem) -> SymmetricKey {
        do {
            return try KDF.Scrypt.deriveKey(
                from: passphrase.bytes, salt: Data(salt), outputByteCount: 32, rounds: Self.rounds,
                blockSize: Self.blockSize, parallelism: Self.parallelism)
        } catch {
            throw .outOfMemory
        }
    }
}

/// What opens a mapping file. It never stands on a command line, which others can see.
package struct Passphrase: Sendable {
    let bytes: Data

    /// Characters.
    package static let shortest = 12

    /// - Throws: `.setting` for one that is too short or has several lines.
    package init(_ text: String) throws(ImageProblem) {
        // The same letters, however they were typed.
        let text = text.trimmingCharacters(in: .newlines).precomposedStringWithCanonicalMapping
        guard !text.contains(where: \.isNewline) else {
            throw .setting(key: "the passphrase", "has more lines than one")
        }
        guard text.count >= Self.shortest else {
            throw .setting(key: "the passphrase", "has fewer than \(Self.shortest) characters")
        }
        bytes = Data(text.utf8)
    }

    /// - Throws: Whatever is wrong with the file; `.setting`.
    package init(keptIn path: String) throws(ImageError) {
        self = try ImageProblem.named(path) { () throws(ImageProblem) in
            let limits = ImageLimits(fileBytes: 4096)
            guard
                let text = String(
                    validating: try ImageBytes.load(path, limits: limits), as: UTF8.self)
            else { throw .corrupt("it is no text") }
            return try Passphrase(text)
        }
    }
}
