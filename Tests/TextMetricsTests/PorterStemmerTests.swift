import Testing

@testable import TextMetrics

struct PorterStemmerTests {
    @Test func agreesWithNLTK() throws {
        let stems = try Reference.stems()
        #expect(stems.count > 1000)
        for (word, stem) in stems { #expect(self.stem(String(word)) == stem, "\(word)") }
    }

    /// The examples of the paper, and where NLTK departs from it.
    @Test(arguments: [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("feed", "feed"),
        ("hopping", "hop"), ("falling", "fall"), ("filing", "file"), ("relational", "relat"),
        ("adoption", "adopt"), ("controlling", "control"), ("dies", "die"), ("enjoy", "enjoy"),
        ("skies", "sky"), ("geology", "geolog"),
    ])
    func examples(word: String, expected: String) {
        #expect(stem(word) == expected)
    }

    private func stem(_ word: String) -> String {
        String(decoding: PorterStemmer.stem(Array(word.utf8)), as: UTF8.self)
    }
}
