import Foundation
import TestSupport

/// What `Scripts/reference/statistics_reference.py` wrote.
struct Reference: Decodable {
    struct Share: Decodable {
        let successes: Int
        let count: Int
        let wilson: [Double]
        let bootstrap: [Double]
    }

    struct Pair: Decodable {
        let onlyFirst: Int
        let onlySecond: Int
        let count: Int
        let exact: Double
        let mid: Double
        let chiSquare: Double
        let chiSquareP: Double
        let bootstrap: [Double]
    }

    struct Labels: Decodable {
        let gold: [String]
        let predicted: [String?]
        let labels: [String]
        let precision: [Double]
        let recall: [Double]
        let f1: [Double]
        let macroF1: Double
        let accuracy: Double
        let majority: Double
    }

    struct Samples: Decodable {
        let x: [Double]
        let y: [Double]
        let levels: [Double]
        let quantiles: [Double]
        let mean: Double
        let standardError: Double
        let pearson: Double
        let spearman: Double
    }

    struct Discriminated: Decodable {
        let gold: [Int]
        let probabilities: [[Double]]
        let area: Double
        let balancedAccuracy: Double
        let brier: Double
    }

    struct Regression: Decodable {
        let features: [[Double]]
        let labels: [Int]
        let penalty: Double
        let asked: [[Double]]
        let logProbabilities: [[Double]]
    }

    let discriminations: [Discriminated]
    let regressions: [Regression]
    let proportions: [Share]
    let pairs: [Pair]
    let classifications: [Labels]
    let samples: Samples

    static func load() throws -> Reference {
        let url = TestFiles.fixtures.appending(path: "statistics/reference.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    }
}

func isClose(_ left: Double?, _ right: Double, within tolerance: Double = 1e-9) -> Bool {
    left.map { abs($0 - right) <= tolerance * max(1, abs(right)) } ?? false
}
