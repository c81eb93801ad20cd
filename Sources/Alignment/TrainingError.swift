/// Why a run cannot start or go on.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    case runExists(String)
    case nothingToResume(String)
    case resumedDifferently(run: String, what: String)
    case notFinite(step: Int, what: String, records: [String])
    case endedNotFinite(step: Int)
    case noSteps

    public var description: String {
        switch self {
        case .runExists(let folder):
            "\(folder) already holds a run: pass --resume to go on with it, or another output_dir"
        case .nothingToResume(let folder): "\(folder) holds no run to resume"
        case .resumedDifferently(let run, let what):
            "\(run) was started with another \(what): a run resumes only as it began"
        case .notFinite(let step, let what, let records):
            "step \(step): the \(what) is not a finite number; \(records.named)"
        case .endedNotFinite(let step):
            "step \(step), the last, was left out, and there are no good weights to keep: there is "
                + "no result; the newest checkpoint, if any, is the last good one"
        case .noSteps: "the recipe leaves no optimizer step to take"
        }
    }
}
