import Datasets

/// Why sequences cannot be scored.
public enum ScoringError: Error, Sendable, Equatable, CustomStringConvertible {
    /// An image that could not be read when its record's turn came.
    case image(ImageFault)
    /// A log-probability or a score that is infinite or no number, at this record first.
    case notFinite(record: String)

    public var description: String {
        switch self {
        case .image(let fault): "\(fault)"
        case .notFinite(let record): "\(record): \(Self.notFinite)"
        }
    }

    /// What all errors say of numbers that are none, behind the record.
    package static let notFinite =
        "the model gives a number that is not finite: weights or activations hold NaN or infinity"

    /// What `body` gives, its fault as this error.
    static func wrapping<Result>(
        _ body: () throws(ImageFault) -> Result
    ) throws(ScoringError) -> Result {
        do throws(ImageFault) { return try body() } catch { throw .image(error) }
    }
}

extension Sequence where Element: BinaryFloatingPoint {
    /// Whether none is infinite or no number. One such logit makes the log-probability of every
    /// token of its row no number, so that it is enough to look at those asked for.
    package var areFinite: Bool { allSatisfy(\.isFinite) }
}
