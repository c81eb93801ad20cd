import TestSupport
import Testing
import Tokenizers

struct DecodingTests {
    /// The pieces of a stream are whole characters, and together what `decode` gives.
    @Test(arguments: Fixture.tinyKinds)
    func streamsAgreeWithDecode(kind: String) throws {
        let tokenizer = try Fixture.tiny(kind)
        // Knuth's linear congruential generator: the same ids on every run.
        var state: UInt64 = 7
        for _ in 0..<300 {
            let ids = (0..<40).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % tokenizer.vocabularySize
            }
            #expect(streamed(ids, tokenizer).joined() == tokenizer.decode(ids), "\(ids)")
        }
        for (text, _) in Fixture.cases(try Fixture.json("tiny-\(kind)/expected.json")) {
            let ids = tokenizer.encode(text)
            let pieces = streamed(ids, tokenizer)
            #expect(pieces.joined() == tokenizer.decode(ids))
            let hasReplacement = text.unicodeScalars.contains("\u{FFFD}")
            #expect(hasReplacement || !pieces.joined().unicodeScalars.contains("\u{FFFD}"))
        }
    }

    /// The four bytes of one emoji come as four ids: nothing, nothing, nothing, all of it.
    @Test func aCharacterWaitsForItsLastByte() throws {
        let tokenizer = try Fixture.tiny("gpt2")
        let ids = try #require(bytes("😶".utf8, tokenizer))
        var decoder = StreamingDecoder(tokenizer: tokenizer)
        #expect(ids.map { decoder.append($0) } == ["", "", "", "😶"])
        #expect(decoder.flush() == "")
        // Begun and never ended: one replacement at the end.
        #expect(ids.dropLast().map { decoder.append($0) } == ["", "", ""])
        #expect(decoder.flush() == "\u{FFFD}")
        #expect(decoder.flush() == "")
    }

    /// What cannot become a character any more comes out at once.
    @Test(arguments: [
        ([0xE2, 0x41] as [UInt8], ["", "\u{FFFD}A"]),
        ([0x80, 0x41], ["\u{FFFD}", "A"]),
        ([0xC0, 0x80], ["\u{FFFD}", "\u{FFFD}"]),
        ([0xED, 0xA0, 0x80], ["", "\u{FFFD}\u{FFFD}", "\u{FFFD}"]),
        ([0xF0, 0x9F, 0x41], ["", "", "\u{FFFD}A"]),
        ([0xF5, 0x80], ["\u{FFFD}", "\u{FFFD}"]),
    ])
    func brokenTextIsReplaced(broken: [UInt8], pieces: [String]) throws {
        let tokenizer = try Fixture.tiny("gpt2")
        let ids = try #require(bytes(broken, tokenizer))
        var decoder = StreamingDecoder(tokenizer: tokenizer)
        #expect(ids.map { decoder.append($0) } == pieces)
        #expect(tokenizer.decode(ids) == pieces.joined())
    }

    @Test func specialTokensAreSkippedOnRequest() throws {
        let tokenizer = try Fixture.tiny("qwen2")
        let ids = tokenizer.encode("a<|im_end|>b")
        var decoder = StreamingDecoder(tokenizer: tokenizer, skipSpecial: true)
        #expect(ids.map { decoder.append($0) } == ["a", "", "b"])
        #expect(tokenizer.decode(ids) == "a<|im_end|>b")
        #expect(tokenizer.decode(ids + [-1, 1 << 40]) == "a<|im_end|>b")
    }

    @Test func tokensAndIDsAreEachOthersInverse() throws {
        let tokenizer = try Fixture.tiny("smollm")
        for id in 0..<tokenizer.vocabularySize {
            let token = try #require(tokenizer.token(for: id))
            #expect(tokenizer.id(for: token) == id, "\(token)")
        }
        #expect(tokenizer.token(for: tokenizer.vocabularySize) == nil)
        #expect(tokenizer.id(for: "no such token") == nil)
    }

    private func streamed(_ ids: [Int], _ tokenizer: Tokenizer) -> [String] {
        var decoder = StreamingDecoder(tokenizer: tokenizer)
        let pieces = ids.map { decoder.append($0) }
        return pieces + [decoder.flush()]
    }

    /// The ids of single bytes in GPT-2's alphabet: a byte that is printable in Latin-1 stands
    /// for itself, the others are U+0100 and on in order: 0x00 to 0x20 (33 of them), 0x7F to 0xA0
    /// (34 from U+0121), 0xAD.
    private func bytes(_ bytes: some Sequence<UInt8>, _ tokenizer: Tokenizer) -> [Int]? {
        let ids = bytes.compactMap { byte -> Int? in
            let code: UInt32 =
                switch byte {
                case 0...0x20: 0x100 + UInt32(byte)
                case 0x7F...0xA0: 0x121 + UInt32(byte) - 0x7F
                case 0xAD: 0x143
                default: UInt32(byte)
                }
            return Unicode.Scalar(code).flatMap { tokenizer.id(for: String(Character($0))) }
        }
        return ids.isEmpty ? nil : ids
    }
}
