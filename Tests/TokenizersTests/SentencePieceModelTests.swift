import Foundation
import TestSupport
import Testing
import Tokenizers

/// `tokenizer.model` files made here, byte by byte, and damaged ones.
struct SentencePieceModelTests {
    /// "ab", "bc" and "aa" have one score, "abc" and "x" lower ones. "abc": of ab and bc, which are
    /// equal, the leftmost; then ab + c. "aab": aa before ab, being leftmost. "bcab": bc, ab.
    @Test func equalScoresMergeFromTheLeft() throws {
        let tokenizer = try load(Self.model())
        func pieces(_ text: String) -> [String] {
            tokenizer.encode(text).compactMap { tokenizer.token(for: $0) }
        }
        #expect(pieces("abc") == ["abc"])
        #expect(pieces("aab") == ["aa", "b"])
        #expect(pieces("bcab") == ["bc", "ab"])
        #expect(pieces("abcbc") == ["abc", "bc"])
        // No piece: the unknown token once for all of the neighbours.
        #expect(pieces("aéöb") == ["a", "<unk>", "b"])
        #expect(tokenizer.unkID == 0 && tokenizer.bosID == 1 && tokenizer.eosID == 2)
        #expect(tokenizer.padID == nil)
    }

    @Test(
        arguments: [
            (Model.training([(3, 1)]), "another type"),
            (Model.training([(3, 2), (24, 1)]), "spaces"),
            (Model.normalization([(4, 1)]), "whitespace"),
            (Model.normalization([(5, 0)]), "spaces"),
            (Model.field(3, Model.field(2, [1])), "identity"),
            (Model.field(5, Model.field(2, [1])), "identity"),
            (Model.piece("x", 0, type: 5), "unused"), (Model.piece("x", 0, type: 7), "type"),
            (Model.piece("x", .nan), "score"), (Model.piece("", 0), "no text"),
            (Model.field(1, Model.field(1, [0xFF])), "UTF-8"), ([0x0B], "SentencePiece"),
            ([0x00], "number"), (Array(repeating: 0xFF, count: 11), "ten bytes"),
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "ends inside"),
            ([0x0A, 0x05, 0x0A], "ends inside"),
        ] as [([UInt8], String)])
    func whatIsNotKnownIsRefused(bytes: [UInt8], reason: String) throws {
        let error = try #require(throws: TokenizerError.self) { try load(Self.model() + bytes) }
        #expect(error.source.hasSuffix("tokenizer.model"))
        #expect(error.reason.contains(reason), "\(error)")
    }

    /// A file that ends early, or has other bytes, is refused or read; nothing else happens.
    @Test func damagedFilesAreRefused() throws {
        let file = Fixture.folder.appending(path: "tiny-spm/tokenizer.model")
        let whole = Array(try Data(contentsOf: file))
        var refused = 0
        for end in stride(from: 1, to: whole.count, by: 211) {
            do throws(TokenizerError) {
                // What is lost at the end may be settings: whole pieces alone are a unigram model.
                _ = try load(Array(whole[..<end]))
            } catch { refused += 1 }
        }
        #expect(refused == (whole.count - 2) / 211 + 1)
        var state: UInt64 = 3
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<4 {
                // Knuth's linear congruential generator: the same damage on every run.
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 25)
            }
            if let tokenizer = try? load(bytes) { _ = tokenizer.encode("a patient's BP 😀") }
        }
        #expect(throws: TokenizerError.self) { try load([0x0A]) }
    }

    private func load(_ bytes: [UInt8]) throws(TokenizerError) -> Tokenizer {
        do {
            let folder = try TestFiles.scratchFolder()
            try Data(bytes).write(to: folder.appending(path: "tokenizer.model"))
            defer { try? FileManager.default.removeItem(at: folder) }
            return try Tokenizer(folder: folder)
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw TokenizerError(source: "test", reason: "\(error)")
        }
    }

    /// No bytes, no space in front, nothing removed.
    private static func model() -> [UInt8] {
        let special: [(String, UInt8)] = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
        let pieces: [(String, Float)] = [
            ("ab", -1), ("bc", -1), ("aa", -1), ("abc", -2), ("a", -9), ("b", -9), ("c", -9),
            ("▁", -9),
        ]
        return special.flatMap { Model.piece($0.0, 0, type: $0.1) }
            + pieces.flatMap { Model.piece($0.0, $0.1) } + Model.training([(3, 2)])
            + Model.normalization([(3, 0), (4, 0)])
    }
}

/// Writes the wire format of Protocol Buffers.
private enum Model {
    static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        // Two bytes suffice for what stands here.
        let count = bytes.count
        let length = count < 128 ? [UInt8(count)] : [UInt8(count & 127) | 128, UInt8(count >> 7)]
        return [number << 3 | 2] + length + bytes
    }

    static func piece(_ text: String, _ score: Float, type: UInt8 = 1) -> [UInt8] {
        let bits = withUnsafeBytes(of: score.bitPattern.littleEndian) { Array($0) }
        return field(1, field(1, Array(text.utf8)) + [0x15] + bits + [0x18, type])
    }

    static func training(_ values: [(number: UInt8, value: UInt8)]) -> [UInt8] {
        field(2, numbers(values))
    }

    static func normalization(_ values: [(number: UInt8, value: UInt8)]) -> [UInt8] {
        field(3, numbers(values))
    }

    /// Field numbers from 16 on take two bytes.
    private static func numbers(_ values: [(number: UInt8, value: UInt8)]) -> [UInt8] {
        values.flatMap { number, value in
            number < 16
                ? [number << 3, value] : [number << 3 | 128, number >> 4, value]
        }
    }
}
