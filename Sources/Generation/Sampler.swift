import Randomness
import Torch

/// Draws tokens from logits, each row as if it were alone.
struct Sampler: Hashable {
    /// What decides a draw; the rest of the settings are not looked at.
    private let settings: SamplingSettings
    /// Tokens that are not drawn.
    private let excluded: [Int]
    /// Candidates looked at before the whole vocabulary is sorted, without top-k.
    private static let shortlist = 1024

    /// - Parameter excluded: tokens that are not to be drawn, whatever their logits.
    init(settings: SamplingSettings, excluded: [Int] = []) {
        var settings = settings
        // One sampler serves all requests that these alone tell apart.
        (settings.seed, settings.stopStrings) = (0, [])
        (settings.minimumTokens, settings.maximumTokens) = (0, 1)
        self.settings = settings
        self.excluded = excluded
    }

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
        let adjusted = withoutExcluded(penalised(logits, seen))
        let chosen =
            settings.temperature == 0
            ? adjusted.argmax(-1) : sampled(adjusted / settings.temperature, uniforms)
        let picked = logits.logProbability(
            of: chosen, scale: 1 / settings.scoredTemperature)
        return (chosen.values(Int32.self), picked.values(Float.self))
    }

    private func withoutExcluded(_ logits: Tensor) -> Tensor {
        if excluded.isEmpty { return logits }
        let (rows, count) = (logits.size(0), excluded.count)
        let index = Tensor(excluded.map(Int64.init)).to(logits.device)
        let nothing = Tensor.full([rows, count], -.infinity, on: logits.device)
        return logits.indexCopy(1, index, nothing)
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
        let filters = settings.topK > 0 || settings.topP < 1 || settings.minP > 0
        guard filters else { return pick(logits.softmax(-1), uniforms) }
        let vocabulary = logits.size(-1)
        let wanted = min(settings.topK > 0 ? settings.topK : Self.shortlist, vocabulary)
        let best = logits.topK(wanted, dim: -1)
        let mass = shares(of: best.values, in: logits)
        let chosen = candidates(best.indices, mass, uniforms)
        if settings.topK > 0 || wanted == vocabulary { return chosen }
        let far = reaches(mass).enumerated().filter { !$1 }.map(\.offset)
        if far.isEmpty { return chosen }
        // Those rows alone: a sort of all orders what is equal in another way.
        let rows = Tensor(far.map(Int64.init)).to(logits.device)
        let own = logits.indexSelect(0, rows)
        let all = own.topK(vocabulary, dim: -1)
        let drawn = candidates(
            all.indices, shares(of: all.values, in: own), far.map { uniforms[$0] })
        return chosen.indexCopy(0, rows, drawn)
    }

    /// One of each row's candidates, which have these probabilities.
    private func candidates(
        _ indices: Tensor, _ mass: Tensor, _ uniforms: [Double]
    ) -> Tensor {
        indices.gather(1, pick(kept(mass), uniforms).unsqueeze(1)).squeeze(1)
    }

    /// Probabilities of the candidates: among themselves after top-k, else among all tokens.
    private func shares(of values: Tensor, in logits: Tensor) -> Tensor {
        if settings.topK > 0 { return values.softmax(-1) }
        // The sum of one row alone is cut among threads, and rounded in another way than among
        // others.
        let rows = logits.size(0) == 1 ? logits.expand(2, -1) : logits
        let total = rows.logsumexp(-1, keepDim: true).slice(0, 0..<logits.size(0))
        return (values - total).exp()
    }

    /// Whether the shortlist surely holds every token that top-p and min-p keep, row by row.
    private func reaches(_ mass: Tensor) -> [Bool] {
        let totals = mass.sum(1).values(Double.self)
        let first = mass.select(1, 0).values(Double.self)
        let last = mass.select(1, -1).values(Double.self)
        return totals.indices.map { row in
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
