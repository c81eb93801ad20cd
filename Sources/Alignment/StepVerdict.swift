/// What became of a step.
enum StepVerdict: Equatable {
    /// The weights moved; with the norm of the gradient before clipping.
    case accepted(norm: Double)
    /// Nothing that is trained has a gradient: nothing moved, nothing was counted.
    case empty
    /// A number was not finite: everything is as it was before the step.
    case leftOut(StepFault)
}

/// Why a step was left out.
struct StepFault: Equatable {
    /// The number that is not finite.
    var what: String
    /// The first record at fault where it can be told, else all that may be.
    var records: [String]
    /// Whether some record of the step is sound by itself; nil where that was not tried.
    var hasSoundRecord: Bool?
}

/// Whose fault it is that steps were left out since the last update: a record's, or the weights'.
///
/// Weights that blew up are finite numbers for a while. They are suspected when several records
/// failed with them and none was sound.
struct Suspicion {
    private var records: Set<String> = []
    private var hasSoundRecord = false

    var fallsOnWeights: Bool { !hasSoundRecord && records.count > 1 }

    mutating func add(_ verdict: StepVerdict) {
        switch verdict {
        case .accepted: self = Suspicion()
        case .empty: break
        case .leftOut(let fault):
            if fault.hasSoundRecord == true { hasSoundRecord = true }
            // Of several that were not tried apart nothing is known.
            if fault.hasSoundRecord == false || fault.records.count == 1 {
                records.formUnion(fault.records)
            }
        }
    }
}

extension StepVerdict {
    /// What a person should know at once.
    func alarms(of report: StepReport) -> [String] {
        switch self {
        case .accepted: report.alarms
        case .empty:
            report.records.isEmpty ? [] : ["no record of the step reaches what is trained"]
        case .leftOut(let fault):
            ["the \(fault.what) is not a finite number: step left out (\(fault.records.named))"]
        }
    }
}

extension [String] {
    /// Records by their ids, the first few.
    var named: String {
        (count == 1 ? "record " : "records ") + prefix(8).joined(separator: ", ")
            + (count > 8 ? ", ..." : "")
    }
}
