/// Advantages of completions relative to those of the same prompt
/// (GRPO, arXiv:2402.03300, section 4.1.2).
///
///     A = (r - mean of the group) / (deviation + 1e-4)
///
/// The deviation is that of a sample, of the `group`, the `batch` (arXiv:2508.08221) or `none`
/// (not divided; Dr. GRPO, arXiv:2503.20783). Several rewards are weighted and summed first, or
/// each is normalised within its group, then they are weighted, summed and normalised over the
/// batch (GDPO, arXiv:2601.05242). A reward that does not apply is left out; a completion to
/// which none applies has advantage 0 and no part in any mean.
///
/// TRL: `GRPOTrainer._generate_and_score_completions`. Deviation: the count of groups without
/// spread is always that of groups, those with fewer than two rewarded completions included.
public struct GroupAdvantages: Sendable, Equatable {
    /// What the deviation is taken of; TRL's `scale_rewards`.
    public enum Scale: String, Sendable, Codable, CaseIterable {
        case group, batch, none
    }

    /// How several rewards become one; TRL's `multi_objective_aggregation`.
    public enum Aggregation: String, Sendable, Codable, CaseIterable {
        case sumThenNormalize = "sum_then_normalize"
        case normalizeThenSum = "normalize_then_sum"
    }

    /// Completions of each prompt.
    public var groupSize: Int
    /// One of each reward.
    public var weights: [Double]
    public var scale: Scale
    public var aggregation: Aggregation

    public init(
        groupSize: Int = 8, weights: [Double], scale: Scale = .group,
        aggregation: Aggregation = .sumThenNormalize
    ) {
        (self.groupSize, self.weights) = (groupSize, weights)
        (self.scale, self.aggregation) = (scale, aggregation)
    }

    /// Advantages of a whole rollout.
    ///
    /// - Parameter rewards: a row for each completion, group after group, with a column for each
    ///   weight; nil where the reward does not apply.
    public func callAsFunction(_ rewards: [[Double?]]) -> AdvantageBatch {
        let sums = rewards.map { weightedSum($0, weights) }
        let advantages =
            switch aggregation {
            case .sumThenNormalize: normalized(sums)
            case .normalizeThenSum: normalizedOverBatch(standardized(rewards))
            }
        return AdvantageBatch(
            advantages: advantages.map { $0 ?? 0 }, rewards: sums, groupSize: groupSize)
    }

    private func normalized(_ sums: [Double?]) -> [Double?] {
        let ofBatch = Moments(sums)
        return sums.inGroups(of: groupSize).flatMap { group in
            guard let moments = Moments(group) else { return [Double?](group) }
            return group.map { value in
                guard let value else { return nil }
                switch scale {
                case .none: return value - moments.mean
                case .group: return quotient(value - moments.mean, moments.deviation)
                case .batch: return quotient(value - moments.mean, ofBatch?.deviation)
                }
            }
        }
    }

    /// Each column in units of its group's deviation, then weighted and summed.
    private func standardized(_ rewards: [[Double?]]) -> [Double?] {
        let columns = weights.indices.map { column in
            rewards.map { $0[column] }.inGroups(of: groupSize).flatMap { group in
                guard let moments = Moments(group) else { return [Double?](group) }
                return group.map { value in
                    value.flatMap { quotient($0 - moments.mean, moments.deviation) }
                }
            }
        }
        return rewards.indices.map { row in
            guard rewards[row].contains(where: { $0 != nil }) else { return nil }
            return weightedSum(columns.map { $0[row] }, weights) ?? 0
        }
    }

    private func normalizedOverBatch(_ sums: [Double?]) -> [Double?] {
        guard let moments = Moments(sums) else { return sums }
        return sums.map { value in
            value.flatMap { quotient($0 - moments.mean, moments.deviation) }
        }
    }

    private func quotient(_ difference: Double, _ deviation: Double?) -> Double? {
        deviation.map { difference / ($0 + advantageEpsilon) }
    }
}

/// Keeps the quotient finite where all rewards are the same.
let advantageEpsilon = 1e-4

/// nil where nothing applies.
func weightedSum(_ values: [Double?], _ weights: [Double]) -> Double? {
    precondition(values.count == weights.count, "\(values.count) rewards, \(weights.count) weights")
    let present = zip(values, weights).compactMap { pair in pair.0.map { $0 * pair.1 } }
    return present.isEmpty ? nil : present.reduce(0, +)
}

extension Array {
    /// Neighbours `size` at a time.
    func inGroups(of size: Int) -> [ArraySlice<Element>] {
        precondition(count.isMultiple(of: size), "\(count) completions in groups of \(size)")
        return stride(from: 0, to: count, by: size).map { self[$0..<$0 + size] }
    }
}
