/// Values with deviation 1: (x - mean) / sqrt(variance + 1e-8), the variance that of a sample.
///
/// TRL 1.12: `masked_whiten` over the tokens that are not padding. PPO whitens the advantages of
/// all tokens of a rollout, and its rewards, where asked to, without shifting their mean.
///
/// - Parameter shiftsMean: whether their mean becomes 0 or stays.
public func whitened(_ values: [Double], shiftsMean: Bool = true) -> [Double] {
    guard let moments = Moments(values) else { return values }
    let deviation = moments.deviation ?? 0
    let scale = 1 / (deviation * deviation + 1e-8).squareRoot()
    let mean = shiftsMean ? 0 : moments.mean
    return values.map { ($0 - moments.mean) * scale + mean }
}
