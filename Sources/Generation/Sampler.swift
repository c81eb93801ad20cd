import Randomness
import Torch

/// Draws tokens from logits.
struct Sampler {
    let settings: SamplingSettings
    /// Candidates looked at before the whole vocabulary is sorted, without top-k.
    private static let shortlist = 1024

    /// One token for each row.
    ///
    /// - Parameters:
    ///   - logits: [N, V], f32, as the model gave them.
    ///   - seen: tokens of each row so far, for the repetition penalty.
    ///   - uniforms: one number in [0, 1) for each row.
    /// - Returns: tokens, and their log-probabilities under the distribution that only
    ///   ``SamplingSettings/scoredTemperature`` changes.
    func draw(
        _ logits: Tensor, seen: [[Int32]], uniforms: [Double]
    ) -> (tokens: [Int32], logProbabilities: [Float]) {
        let adjusted = penalised(logits, seen)
        let chosen =
            settings.temperature == 0
            ? adjusted.argmax(-1) : sampled(adjusted / settings.temperature, uniforms)
        let picked = logits.logProbability(
            of: chosen, scale: 1 / settings.scoredTemperature)
        return (chosen.values(Int32.self), picked.values(Float.self))
    }

    private func penalised(_ logits: Tensor, _ seen: [[Int32]]) -> Tensor {
        guard settings.repetitionPenalty != 1 else { return logits }
        let vocabulary = logits.size(-1)
        let rows = seen.enumerated().map { row, tokens in
            // The id of images may lie behind the vocabulary.
            let known = Set(tokens).filter { $0 < vocabulary }.sorted()
            let unique = Tensor(known.map(Int64.init)).to(logits.device)
            let line = logits.select(0, row)
            let scores = line.indexSelect(0, unique)
            let lowered = (scores * settings.repetitionPenalty).selected(
                where: scores.less(than: 0), else: scores / settings.repetitionPenalty)
            return line.scatter(0, unique, lowered)
        }
        return .stack(rows)
    }

    private func sampled(_ logits: Tensor, _ uniforms: [Double]) -> Tensor {
        let vocabulary = logits.size(-1)
        let filters = settings.topK > 0 || settings.topP < 1 || settings.minP > 0
        guard filters else {
            return pick(logits.softmax(-1), uniforms)
        }
        let wanted = settings.topK > 0 ? settings.topK : Self.shortlist
        var best = logits.topK(min(wanted, vocabulary), dim: -1)
        var mass = shares(of: best.values, in: logits)
        if settings.topK == 0, wanted < vocabulary, !reaches(mass) {
            best = logits.topK(vocabulary, dim: -1)
            mass = shares(of: best.values, in: logits)
        }
        return best.indices.gather(1, pick(kept(mass), uniforms).unsqueeze(1)).squeeze(1)
    }

    /// Probabilities of the candidates: among themselves after top-k, else among all tokens.
    private func shares(of values: Tensor, in logits: Tensor) -> Tensor {
        settings.topK > 0
            ? values.softmax(-1) : (values - logits.logsumexp(-1, keepDim: true)).exp()
    }

    /// Whether the shortlist surely holds every token that top-p and min-p keep, in every row.
    private func reaches(_ mass: Tensor) -> Bool {
        let totals = mass.sum(1).values(Double.self)
        let first = mass.select(1, 0).values(Double.self)
        let last = mass.select(1, -1).values(Double.self)
        return totals.indices.allSatisfy { row in
            settings.topP < 1 && totals[row] >= settings.topP
                || last[row] < settings.minP * first[row]
        }
    }

    /// Descending probabilities with those outside top-p and min-p set to 0.
    private func kept(_ mass: Tensor) -> Tensor {
        var result = mass
        if settings.topP < 1 {
            let before = mass.cumsum(-1) - mass
            let limit = Tensor.full([1], settings.topP, on: mass.device)
            result = result.maskedFill(before.greaterOrEqual(limit), 0)
        }
        if settings.minP > 0 {
            let floor = mass.amax(-1, keepDim: true) * settings.minP
            result = result.maskedFill(mass.less(than: floor), 0)
        }
        return result
    }

    /// The first index whose running sum exceeds uniform * total, row by row.
    private func pick(_ mass: Tensor, _ uniforms: [Double]) -> Tensor {
        let sums = mass.to(.float64).cumsum(-1)
        let total = sums.slice(1, (sums.size(1) - 1)..<sums.size(1))
        let marks = Tensor(uniforms, shape: [uniforms.count, 1]).to(mass.device) * total
        // Not the count of sums below the mark: a zero at the end must not be picked.
        return marks.less(than: sums).to(.float32).argmax(-1)
    }
}
