import Records

/// An answer that is good or bad by itself, as KTO learns from.
struct AnswerLabel: Sendable, Hashable {
    let prompt: [Message]
    let images: [CaseImage]
    let completion: String
    let isDesirable: Bool
    let judgementIDs: [String]
}

extension AnswerLabel {
    /// The labels that the rankings of one sampling make.
    ///
    /// A rater's best trace is a vote for it, the worst one a vote against it, ties included; those
    /// between have none, as have all traces of a rater who calls them equal. Where a rater finds
    /// everything unacceptable, each trace has a vote against it. The majority decides; a draw
    /// makes no label.
    static func labels(of judged: JudgedSampling) -> [AnswerLabel] {
        judged.traces.values.sorted { $0.id < $1.id }.compactMap { trace in
            let votes = judged.rankings.compactMap { ranking in
                ranking.vote(on: trace.id).map { (id: ranking.id, vote: $0) }
            }
            let sum = votes.reduce(0) { $0 + $1.vote }
            if sum == 0 { return nil }
            return AnswerLabel(
                prompt: judged.sampling.prompt, images: judged.sampling.images,
                completion: trace.text, isDesirable: sum > 0,
                judgementIDs: votes.map { "ranking/\($0.id)" })
        }
    }

    /// An accepted answer is good; an edited one is bad and what became of it good.
    static func labels(of answer: PreferredAnswer) -> [AnswerLabel] {
        func label(_ completion: String, isDesirable: Bool) -> AnswerLabel {
            AnswerLabel(
                prompt: answer.prompt, images: answer.images, completion: completion,
                isDesirable: isDesirable, judgementIDs: ["feedback/\(answer.record.id)"])
        }
        let preferred = label(answer.record.preferredResponse, isDesirable: true)
        if answer.record.feedbackType == .accept { return [preferred] }
        return [preferred, label(answer.record.generatedResponse, isDesirable: false)]
    }
}

extension Ranking {
    /// 1 for, -1 against, nil for nothing.
    fileprivate func vote(on trace: Int64) -> Int? {
        if unacceptable { return -1 }
        guard let rank = ranks[trace], let best = ranks.values.values.min(),
            let worst = ranks.values.values.max(), best < worst
        else { return nil }
        if rank == best { return 1 }
        return rank == worst ? -1 : nil
    }
}
