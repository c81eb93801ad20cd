/// The expected calibration error of confidences in [0, 1]: the mean distance between confidence
/// and accuracy over ten bins of equal width, weighted by how many answers a bin holds.
///
/// A bin is open below and closed above, but for the first, which holds zero. Returns 0 without
/// answers; traps on unequal lengths.
///
/// Source: Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3.
public func expectedCalibrationError(confidences: [Double], right: [Bool]) -> Double {
    precondition(confidences.count == right.count, "\(confidences.count), \(right.count) answers")
    guard !confidences.isEmpty else { return 0 }
    let bins = 10
    // Of each bin, the sum of confidence less outcome: n times the gap between their means.
    var gaps = [Double](repeating: 0, count: bins)
    for (confidence, right) in zip(confidences, right) {
        let bin = Int((confidence * Double(bins)).rounded(.up)) - 1
        gaps[max(0, min(bins - 1, bin))] += confidence - (right ? 1 : 0)
    }
    return gaps.reduce(0) { $0 + abs($1) } / Double(confidences.count)
}
