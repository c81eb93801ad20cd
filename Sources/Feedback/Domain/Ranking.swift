/// One rater's judgement of the kept traces of one sampling, in one revision.
package struct Ranking: Codable, Sendable, Hashable, Identifiable {
    /// The clinician's axes, each from 1 (poor) to 5 (good); nil where not judged.
    package struct Axes: Codable, Sendable, Hashable {
        package var correctness: Int?
        package var reasoning: Int?
        package var harm: Int?
        package var missing: Int?
        package var bias: Int?

        package init(
            correctness: Int? = nil, reasoning: Int? = nil, harm: Int? = nil,
            missing: Int? = nil, bias: Int? = nil
        ) {
            (self.correctness, self.reasoning, self.harm) = (correctness, reasoning, harm)
            (self.missing, self.bias) = (missing, bias)
        }

        var values: [Int] { [correctness, reasoning, harm, missing, bias].compactMap { $0 } }
    }

    /// An error marked in the text of a trace.
    package struct Span: Codable, Sendable, Hashable {
        package let traceID: Int64
        /// In UTF-16 code units, as browsers count.
        package let start: Int
        /// Behind the last code unit.
        package let end: Int
        /// What kind of error it is.
        package let kind: String
        package let note: String

        package init(traceID: Int64, start: Int, end: Int, kind: String, note: String) {
            (self.traceID, self.start, self.end) = (traceID, start, end)
            (self.kind, self.note) = (kind, note)
        }
    }

    package let id: Int64
    package let samplingID: Int64
    package let accountID: Int64
    /// From 1; every revision is kept.
    package let revision: Int
    /// The order in which the rater saw the traces.
    package let shownOrder: [Int64]
    /// 1 is best; equal ranks are ties.
    package let ranks: ByTrace<Int>
    /// None of the traces is acceptable: the ranks then make no pairs.
    package let unacceptable: Bool
    package let axes: ByTrace<Axes>
    package let reason: String
    package let spans: [Span]
    /// How long the rater took.
    package let seconds: Double
    package let createdAt: Timestamp
}

/// What a rater submits.
package struct RankingSubmission: Codable, Sendable, Hashable {
    /// The revision the rater saw; 0 for none.
    package var revision: Int
    package var ranks: ByTrace<Int>
    package var unacceptable: Bool
    package var axes: ByTrace<Ranking.Axes>
    package var reason: String
    package var spans: [Ranking.Span]
    package var seconds: Double

    package init(
        revision: Int, ranks: ByTrace<Int>, unacceptable: Bool = false,
        axes: ByTrace<Ranking.Axes> = [:], reason: String = "", spans: [Ranking.Span] = [],
        seconds: Double = 0
    ) {
        (self.revision, self.ranks, self.unacceptable) = (revision, ranks, unacceptable)
        (self.axes, self.reason, self.spans, self.seconds) = (axes, reason, spans, seconds)
    }
}

/// What a rater sees: the traces in this rater's order, and what is stored already.
package struct RatingSheet: Sendable, Hashable {
    package let sampling: Sampling
    /// Nil for a question that belongs to no case.
    package let clinicalCase: ClinicalCase?
    package let traces: [Trace]
    package let ranking: Ranking?
}
