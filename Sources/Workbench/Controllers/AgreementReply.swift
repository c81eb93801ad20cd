import Feedback
import Records
import Web

/// How far raters agree, with their names.
struct AgreementReply: Encodable, Sendable {
    struct Pair: Encodable, Sendable {
        let a: String
        let b: String
        let kappa: OrNull<Double>
        let low: OrNull<Double>
        let high: OrNull<Double>
        let cases: Int
    }

    let raters: [AgreementReport.Rater]
    let cohen: [Pair]
    let fleiss: OrNull<AgreementReport.Measure>
    let krippendorff: OrNull<AgreementReport.Measure>
    /// `[date, alpha]` of each day.
    let overTime: [JSONValue]
    let disagreements: [AgreementReport.Disagreement]

    init(_ report: AgreementReport) {
        raters = report.raters
        let names = Dictionary(report.raters.map { ($0.accountID, $0.name) }) { first, _ in first }
        cohen = report.cohen.map { pair in
            Pair(
                a: names[pair.a] ?? "account \(pair.a)", b: names[pair.b] ?? "account \(pair.b)",
                kappa: OrNull(pair.kappa), low: OrNull(pair.low), high: OrNull(pair.high),
                cases: pair.cases)
        }
        (fleiss, krippendorff) = (OrNull(report.fleiss), OrNull(report.krippendorff))
        overTime = report.overTime.map { .array([.string($0.date), .number($0.alpha)]) }
        disagreements = report.disagreements
    }
}
