/// Precision, recall and their harmonic mean, from 0 to 1; 0 where nothing can match.
public struct ROUGEScore: Codable, Sendable, Hashable {
    /// Matches among the n-grams or words of the prediction.
    public let precision: Double
    /// Matches among those of the reference.
    public let recall: Double

    /// The harmonic mean of precision and recall.
    public var f1: Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    init(matches: Int, predicted: Int, reference: Int) {
        precision = Double(matches) / Double(max(predicted, 1))
        recall = Double(matches) / Double(max(reference, 1))
    }
}
