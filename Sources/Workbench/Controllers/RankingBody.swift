import Feedback
import Web

/// What a rater's page sends.
struct RankingBody: Decodable, Sendable {
    let revision: Int
    let ranks: ByTrace<Int>
    let unacceptable: Bool?
    let axes: ByTrace<Ranking.Axes>?
    let reason: String?
    let spans: [Ranking.Span]?
    let seconds: Double?

    /// What is left out is empty.
    var submission: RankingSubmission {
        RankingSubmission(
            revision: revision, ranks: ranks, unacceptable: unacceptable ?? false,
            axes: axes ?? [:], reason: reason ?? "", spans: spans ?? [], seconds: seconds ?? 0)
    }

    static let schema = Schema.object([
        .required("revision", .integer(0...1_000_000)),
        .required("ranks", .map(.integer(1...100), atMost: 100)),
        .optional("unacceptable", .boolean), .optional("axes", .map(axes, atMost: 100)),
        .optional("reason", .note), .optional("spans", .list(span, count: 0...200)),
        .optional("seconds", .number(0...1_000_000)),
    ])

    private static let axes = Schema.object(
        ["correctness", "reasoning", "harm", "missing", "bias"].map { name in
            .optional(name, .integer(1...5))
        })

    private static let span = Schema.object([
        .required("traceID", .id), .required("start", .integer(0...1_000_000)),
        .required("end", .integer(0...1_000_000)), .required("kind", .text(1...64)),
        .required("note", .text(0...2_000)),
    ])
}
