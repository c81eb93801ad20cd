import Records

/// A better and a worse answer to one prompt, with how many raters say so.
package struct PreferencePair: Sendable, Hashable {
    package let samplingID: Int64
    package let caseID: CaseID?
    package let prompt: [Message]
    package let images: [CaseImage]
    package let chosen: String
    package let rejected: String
    package let chosenTrace: Int64
    package let rejectedTrace: Int64
    /// The share of raters who put the chosen one before the rejected one; ties count as not.
    package let agreement: Double
    /// How many raters ranked both.
    package let raters: Int
    /// Whether the case is kept for evaluation.
    package let heldOut: Bool
    /// `ranking/12` of every rater who ranked both.
    package let judgementIDs: [String]
}

extension PreferencePair {
    /// The pairs that the rankings of one sampling make.
    ///
    /// Every two traces make a pair where more than half of the raters who ranked both, and at
    /// least the share `agreementLevel`, say which is better. Raters who found everything
    /// unacceptable say nothing of the order.
    static func pairs(of judged: JudgedSampling, agreementLevel: Double) -> [PreferencePair] {
        let ids = judged.traces.keys.sorted()
        return ids.indices.flatMap { first in
            ids.indices.dropFirst(first + 1).compactMap { second in
                pair(ids[first], ids[second], of: judged, agreementLevel: agreementLevel)
            }
        }
    }

    private static func pair(
        _ first: Int64, _ second: Int64, of judged: JudgedSampling, agreementLevel: Double
    ) -> PreferencePair? {
        let votes = judged.ordered.compactMap { ranking in
            ranking.preference(of: first, over: second).map { (id: ranking.id, order: $0) }
        }
        let (before, behind) = (votes.count { $0.order > 0 }, votes.count { $0.order < 0 })
        let agreement = Double(max(before, behind)) / Double(max(votes.count, 1))
        guard agreement > 0.5, agreement >= agreementLevel else { return nil }
        let (better, worse) = before > behind ? (first, second) : (second, first)
        // Two equal texts teach nothing, whatever their ranks.
        guard let chosen = judged.traces[better], let rejected = judged.traces[worse],
            chosen.text != rejected.text
        else { return nil }
        return PreferencePair(
            samplingID: judged.sampling.id, caseID: judged.sampling.caseID,
            prompt: judged.sampling.prompt, images: judged.sampling.images,
            chosen: chosen.text, rejected: rejected.text,
            chosenTrace: better, rejectedTrace: worse, agreement: agreement, raters: votes.count,
            heldOut: judged.heldOut, judgementIDs: votes.map { "ranking/\($0.id)" })
    }
}
