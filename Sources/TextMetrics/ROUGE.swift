/// ROUGE (Lin, 2004) of one prediction against one reference, as Google's rouge-score computes it.
public struct ROUGE: Sendable, Hashable {
    /// Shared words.
    public let rouge1: ROUGEScore
    /// Shared pairs of neighbouring words.
    public let rouge2: ROUGEScore
    /// The longest common subsequence of the words of both texts.
    public let rougeL: ROUGEScore
    /// The union of the longest common subsequences of each line of the reference with all lines
    /// of the prediction.
    public let rougeLsum: ROUGEScore

    /// Compares two texts: words are runs of a-z and 0-9, in lower case.
    ///
    /// N-grams take linear time, subsequences one step for 64 pairs of words. `stemming` reduces
    /// words of more than three letters to their stems; HF evaluate's default is not to.
    public init(prediction: String, reference: String, stemming: Bool = false) {
        var numbering = WordNumbering(stemming: stemming)
        let predicted = numbering.lines(of: prediction)
        let expected = numbering.lines(of: reference)
        let words = (predicted: Array(predicted.joined()), expected: Array(expected.joined()))
        func score(_ matches: Int, lessThanWords shortfall: Int = 0) -> ROUGEScore {
            ROUGEScore(
                matches: matches, predicted: words.predicted.count - shortfall,
                reference: words.expected.count - shortfall)
        }
        var grams = NGrams(texts: [words.predicted, words.expected])
        rouge1 = score(grams.matches)
        grams.lengthen()
        rouge2 = score(grams.matches, lessThanWords: 1)
        rougeL = score(CommonSubsequence(of: words.expected).length(with: words.predicted))
        rougeLsum = score(Self.unionMatches(predicted, expected))
    }

    /// Words in the union subsequences, each at most as often as either text has it.
    private static func unionMatches(_ predicted: [[Int32]], _ expected: [[Int32]]) -> Int {
        let shared = expected.flatMap { line in
            let subsequence = CommonSubsequence(of: line)
            let positions = Set(predicted.flatMap { subsequence.positions(with: $0) })
            return positions.map { line[$0] }
        }
        return NGrams(texts: [shared, Array(predicted.joined())]).matches
    }
}

/// The words of texts as numbers.
private struct WordNumbering {
    let stemming: Bool
    private var vocabulary = Vocabulary()
    private var stems: [Word: Int32] = [:]

    init(stemming: Bool) { self.stemming = stemming }

    mutating func lines(of text: String) -> [[Int32]] {
        ROUGETokenizer.lines(of: text).map { line in line.map { number(of: $0) } }
    }

    private mutating func number(of word: Word) -> Int32 {
        guard stemming, word.bytes.count > 3 else { return vocabulary.id(of: word) }
        if let known = stems[word] { return known }
        let number = vocabulary.id(of: Word(PorterStemmer.stem(word.bytes)))
        stems[word] = number
        return number
    }
}
