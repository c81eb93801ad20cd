/// Why a run cannot start or go on.
public enum TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
    case runExists(String)
    case nothingToResume(String)
    /// All that the run depends on and that is not what it was.
    case resumedDifferently(run: String, what: [String])
    case otherMethod(run: String, method: String)
    /// Changes were accepted with which none of the checkpoints can be gone on from.
    case noCheckpointFits(run: String)
    case notFinite(step: Int, what: String, records: [String])
    case endedNotFinite(step: Int)
    case noSteps

    public var description: String {
        switch self {
        case .runExists(let folder):
            "\(folder) already holds a run: pass --resume to go on with it, or another output_dir"
        case .nothingToResume(let folder): "\(folder) holds no run to resume"
        case .resumedDifferently(let run, let what):
            "\(run): not as they were when the run began: \(what.joined(separator: ", ")); put "
                + "them back, or go on with what is there now by --resume --accept-changed"
        case .otherMethod(let run, let method):
            "\(run) is a run of \(method), and is gone on with by that alone"
        case .noCheckpointFits(let run):
            "\(run): no checkpoint fits what has changed; start again in another output_dir"
        case .notFinite(let step, let what, let records):
            "step \(step): the \(what) is not a finite number; \(records.named)"
        case .endedNotFinite(let step):
            "step \(step), the last, was left out, and there are no good weights to keep: there is "
                + "no result; the newest checkpoint, if any, is the last good one"
        case .noSteps: "the recipe leaves no optimizer step to take"
        }
    }
}
