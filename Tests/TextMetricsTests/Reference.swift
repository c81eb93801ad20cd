import Foundation
import TestSupport

/// What `Scripts/reference/text_metrics.py` wrote.
struct Reference: Decodable {
    struct Pair: Decodable {
        let hypothesis: String
        let references: [String]
        let bleu: Double
        /// Tokens of the hypothesis and of the closest reference.
        let lengths: [Int]
        /// Precision, recall and F1 of ROUGE-1, 2, L and Lsum.
        let rouge: [Double]
        let stemmed: [Double]
    }

    /// BLEU of `count` pairs from `first` on.
    struct Corpus: Decodable {
        let first: Int
        let count: Int
        let score: Double
        let precisions: [Double]
        let brevityPenalty: Double
        let matches: [Int]
        let totals: [Int]
        let lengths: [Int]
    }

    let pairs: [Pair]
    let corpora: [Corpus]

    static func load() throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: data("pairs.json"))
    }

    /// Words and their stems, in the same order, separated by spaces.
    static func stems() throws -> [(word: Substring, stem: Substring)] {
        let file = try JSONDecoder().decode([String: String].self, from: data("stems.json"))
        let (words, stems) = (file["words"] ?? "", file["stems"] ?? "")
        return Array(zip(words.split(separator: " "), stems.split(separator: " ")))
            .map { (word: $0, stem: $1) }
    }

    private static func data(_ name: String) throws -> Data {
        try Data(contentsOf: TestFiles.fixtures.appending(path: "text_metrics/\(name)"))
    }
}

func areClose(_ left: [Double], _ right: [Double], within tolerance: Double = 1e-6) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance }
}
