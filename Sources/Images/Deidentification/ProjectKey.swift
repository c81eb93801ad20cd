import Crypto
import Foundation

/// The secret that makes the same UIDs, pseudonyms and shifts of dates of the same originals.
///
/// Who has it can test a guess of a name or an id against a copy.
package struct ProjectKey: Sendable {
    /// Hexadecimal digits of 32 bytes.
    package let letters: String

    var symmetric: SymmetricKey {
        let digits = Array(letters)
        return SymmetricKey(
            data: stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            })
    }

    /// A key that nobody has seen, for one call.
    package init() {
        var random = SystemRandomNumberGenerator()
        letters = (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// The key of a file, which is made where there is none, readable for its owner alone.
    ///
    /// - Throws: `.corrupt` for a file that holds none; `.unreadable`, `.unwritable`.
    package init(keptIn path: String) throws(ImageError) {
        letters = try ImageProblem.named(path) { () throws(ImageProblem) -> String in
            try Self.kept(in: path)
        }
    }

    private static func kept(in path: String) throws(ImageProblem) -> String {
        if access(path, F_OK) != 0 {
            let fresh = ProjectKey().letters
            do {
                try NewFile.write(
                    Array("\(fresh)\n".utf8), to: path, overwrite: false, mode: 0o600)
                return fresh
            } catch {
                // Another process was faster.
                guard error == .exists else { throw error }
            }
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(ImageBytes.systemReason())
        }
        let letters = String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard letters.utf8.count == 64, letters.allSatisfy({ "0123456789abcdef".contains($0) })
        else { throw .corrupt("it holds no key of 64 hexadecimal digits") }
        return letters
    }
}
