import Objectives
import Torch

/// A loss on pairs of completions of one prompt.
enum PairObjective: Equatable {
    case preference(PreferenceLoss)
    case orpo(ORPOLoss)
    case simpo(SimPOLoss)

    var needsReference: Bool {
        if case .preference = self { true } else { false }
    }

    /// Whether the loss subtracts the mean of all rewards so far.
    var centersRewards: Bool {
        if case .preference(let loss) = self { loss.kind == .bcoPair } else { false }
    }

    /// - Parameters:
    ///   - pairs: token log-probabilities of a micro-batch.
    ///   - reference: summed log-probabilities of each pair under the reference.
    ///   - totals: pairs and chosen tokens of the whole optimizer step.
    ///   - weights: what each pair's loss is multiplied by; nil means 1.
    func callAsFunction(
        _ pairs: PairScores, reference: [PairSums], totals: (pairs: Int, chosenTokens: Int),
        weights: [Double]? = nil, meanReward: Double
    ) -> (loss: Tensor, result: PreferenceResult) {
        let device = pairs.tokens.device
        let weights = weights.map { Tensor($0.map(Float.init)).to(device) }
        switch self {
        case .preference(let loss):
            let result = loss(
                PreferencePairs(
                    policy: (pairs.chosen.sums, pairs.rejected.sums),
                    reference: (
                        Tensor(reference.map { Float($0.chosen) }).to(device),
                        Tensor(reference.map { Float($0.rejected) }).to(device)
                    ),
                    lengths: (pairs.chosen.lengths, pairs.rejected.lengths)),
                normaliser: totals.pairs, weights: weights, meanReward: meanReward)
            return (result.loss, result)
        case .orpo(let loss):
            let result = loss(
                chosen: (pairs.chosen.tokens, pairs.chosen.segments),
                rejected: (pairs.rejected.tokens, pairs.rejected.segments), pairs: totals.pairs,
                chosenTokens: totals.chosenTokens, weights: weights)
            return (result.loss, result.preference)
        case .simpo(let loss):
            let result = loss(
                chosen: pairs.chosen.segments.means(pairs.chosen.tokens),
                rejected: pairs.rejected.segments.means(pairs.rejected.tokens),
                normaliser: totals.pairs, weights: weights)
            return (result.loss, result)
        }
    }
}

/// Summed log-probabilities of a pair under the reference.
struct PairSums {
    var chosen: Double
    var rejected: Double
}

/// Token log-probabilities of pairs, chosen and rejected of each after the other.
struct PairScores {
    /// One side of all pairs.
    struct Side {
        let tokens: Tensor
        let segments: TokenSegments
        var lengths: [Int] { segments.lengths }
        var sums: Tensor { segments.sums(tokens) }
    }

    let tokens: Tensor
    let chosen: Side
    let rejected: Side

    /// - Parameters:
    ///   - tokens: [N], completion after completion.
    ///   - lengths: of each completion; chosen, rejected, chosen, ...
    init(tokens: Tensor, lengths: [Int]) {
        self.tokens = tokens
        var starts: [Int] = []
        var end = 0
        for length in lengths {
            starts.append(end)
            end += length
        }
        func side(_ offset: Int) -> Side {
            let places = stride(from: offset, to: lengths.count, by: 2)
            let rows = places.flatMap { (starts[$0]..<(starts[$0] + lengths[$0])).map(Int64.init) }
            return Side(
                tokens: tokens.indexSelect(0, Tensor(rows).to(tokens.device)),
                segments: TokenSegments(
                    lengths: places.map { lengths[$0] }, device: tokens.device))
        }
        (chosen, rejected) = (side(0), side(1))
    }
}
