import GRDB

/// A sampling with everything that raters said of it.
struct JudgedSampling: Sendable {
    let sampling: Sampling
    /// Whether it belongs to a case that is kept for evaluation.
    let heldOut: Bool
    /// The kept traces by id.
    let traces: [Int64: Trace]
    /// The latest of each rater, by id.
    let rankings: [Ranking]

    /// Rankings that say which trace is better: those that do not refuse all of them.
    var ordered: [Ranking] { rankings.filter { !$0.unacceptable } }
}

extension Ranking {
    /// 1 where the first trace has the better rank, -1 where the second has, 0 for a tie; nil
    /// where one has none.
    func preference(of first: Int64, over second: Int64) -> Int? {
        guard let first = ranks[first], let second = ranks[second] else { return nil }
        return first == second ? 0 : (first < second ? 1 : -1)
    }
}

extension Database {
    /// Every sampling that was ranked, by id.
    func judgedSamplings() throws -> [JudgedSampling] {
        let groups = Dictionary(grouping: try rankings(), by: \.samplingID)
        return try groups.keys.sorted().map { id in
            let sampling = try find(Sampling.self, id)
            let kept = try traces(of: id).filter(\.kept)
            return JudgedSampling(
                sampling: sampling, heldOut: try isHeldOut(sampling),
                traces: Dictionary(uniqueKeysWithValues: kept.map { ($0.id, $0) }),
                rankings: groups[id] ?? [])
        }
    }

    /// Whether a sampling belongs to a case that is kept for evaluation.
    func isHeldOut(_ sampling: Sampling) throws -> Bool {
        guard let id = sampling.caseID else { return false }
        return try find(ClinicalCase.self, id).heldOut
    }
}
