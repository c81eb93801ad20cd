/// Pearson's correlation of two samples of equal length.
///
/// Nil with fewer than two pairs or where a sample does not vary; traps on unequal lengths.
public func pearsonCorrelation(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    guard first.count > 1 else { return nil }
    let n = Double(first.count)
    let (meanX, meanY) = (first.reduce(0, +) / n, second.reduce(0, +) / n)
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(first, second) {
        xx += (x - meanX) * (x - meanX)
        yy += (y - meanY) * (y - meanY)
        xy += (x - meanX) * (y - meanY)
    }
    guard xx > 0, yy > 0 else { return nil }
    return max(-1, min(1, xy / (xx.squareRoot() * yy.squareRoot())))
}

/// Spearman's correlation: Pearson's of the ranks, ties sharing their mean rank.
///
/// Nil and traps as `pearsonCorrelation`.
public func spearmanCorrelation(_ first: [Double], _ second: [Double]) -> Double? {
    pearsonCorrelation(ranks(of: first), ranks(of: second))
}

/// Ranks from 1, each run of equal values sharing the mean of the ranks it covers.
func ranks(of sample: [Double]) -> [Double] {
    let order = sample.indices.sorted { sample[$0] < sample[$1] }
    var ranks = [Double](repeating: 0, count: sample.count)
    var start = 0
    while start < order.count {
        var end = start + 1
        while end < order.count, sample[order[end]] == sample[order[start]] { end += 1 }
        for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
        start = end
    }
    return ranks
}
