import Records
import Testing
import Tokenizers

/// An added token that must be a word by itself is found where Hugging Face's tokenizers find it.
struct WordCharacterTests {
    private let fixture: JSONValue
    private let token: String
    private let tokenizer: Tokenizer
    private let id: Int

    init() throws {
        fixture = try Fixture.json("word_characters.json")
        token = try #require(fixture["token"]?.string)
        tokenizer = try Fixture.tiny("gpt2")
        id = try #require(tokenizer.id(for: token))
    }

    private func finds(in text: String) -> Bool { tokenizer.encode(text).contains(id) }

    @Test func betweenCharactersOfEveryKind() throws {
        let cases = try #require(fixture["cases"]?.array)
        #expect(cases.count == 576)
        for pair in cases {
            let text = try #require(pair.array?.first?.string)
            #expect(finds(in: text) == pair.array?.last?.bool, "\(text.debugDescription)")
        }
    }

    /// Every character of Unicode 14. Later ones may be younger than one of the two tables.
    @Test func allCharacters() throws {
        var isWord = [Bool](repeating: false, count: 0x11_0000)
        for range in try #require(fixture["ranges"]?.array) {
            let ends = (range.array ?? []).compactMap { $0.string.flatMap { Int($0, radix: 16) } }
            for code in ends[0]...ends[1] { isWord[code] = true }
        }
        let differing = (0..<UInt32(isWord.count)).compactMap(Unicode.Scalar.init).filter {
            scalar in
            let isOld = scalar.properties.age.map { $0.major < 15 } ?? false
            return isOld && finds(in: "\(token)\(scalar)") == isWord[Int(scalar.value)]
        }
        #expect(differing.isEmpty, "\(differing.prefix(20).map { String($0.value, radix: 16) })")
    }
}
