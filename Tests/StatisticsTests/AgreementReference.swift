import Foundation
import Statistics
import TestSupport

/// What `Scripts/reference/agreement.py` wrote.
struct AgreementReference: Decodable {
    struct Bootstrapped: Decodable {
        let lower: Double
        let upper: Double
        /// The standard deviation of the resampled statistic.
        let deviation: Double
    }

    struct Cohen: Decodable {
        let first: [Int]
        let second: [Int]
        let unweighted: Double
        let linear: Double
        let quadratic: Double
        let quadraticInterval: Bootstrapped
    }

    struct Fleiss: Decodable {
        let ratings: [[Int]]
        let kappa: Double
        let interval: Bootstrapped
    }

    struct Krippendorff: Decodable {
        let ratings: [[Int?]]
        let paired: Int
        let nominal: Double
        let ordinal: Double
        let ordinalInterval: Bootstrapped
    }

    struct Games: Decodable {
        struct Comparison: Decodable {
            let first: Int
            let second: Int
            let outcome: PairedComparison.Outcome
        }

        let count: Int
        let comparisons: [Comparison]
        let scores: [Double]
    }

    let cohen: [Cohen]
    let fleiss: [Fleiss]
    let krippendorff: [Krippendorff]
    let bradleyTerry: [Games]

    static func load() throws -> AgreementReference {
        let url = TestFiles.fixtures.appending(path: "statistics/agreement.json")
        return try JSONDecoder().decode(AgreementReference.self, from: Data(contentsOf: url))
    }
}

/// Whether two bootstraps of 10,000 resamples give the same interval.
///
/// A 2.5 % quantile of R draws of a normal of deviation s is off by
/// s * sqrt(0.025 * 0.975 / R) / 0.0584, 0.0267 s here; of two such sqrt(2) times that. Four
/// of these: 0.16 s, and a little for statistics of few values.
func agree(_ interval: Interval?, _ reference: AgreementReference.Bootstrapped) -> Bool {
    guard let interval else { return false }
    let tolerance = 0.2 * reference.deviation
    return abs(interval.lower - reference.lower) <= tolerance
        && abs(interval.upper - reference.upper) <= tolerance
}
