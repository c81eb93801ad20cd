import FileFormats
import Foundation
import Recipes
import Statistics

/// A reward model that was trained from judgements.
package struct RewardModelResult: Codable, Sendable, Hashable {
    package let jobID: Int64
    /// The folder of adapter and score head.
    package let path: String
    /// Share of held-out pairs whose preferred answer scores higher; nil without such pairs.
    package let accuracy: Double?
    /// How many held-out pairs there were.
    package let n: Int
    /// The 95 % interval of the accuracy (Wilson).
    package let low: Double?
    package let high: Double?

    /// - Parameter curves: the training's; the last `eval_accuracy` is the accuracy.
    init(jobID: Int64, folder: JobFolder, heldOut: Int, curves: [String: [[Double]]]) {
        self.jobID = jobID
        path = folder.run.adapter.path
        n = heldOut
        accuracy = heldOut > 0 ? curves[MetricName.heldOut(MetricName.accuracy)]?.last?.last : nil
        // A tie counts half; the interval is that of the rounded number of successes.
        let interval = accuracy.map { share in
            let successes = Int((min(max(share, 0), 1) * Double(heldOut)).rounded())
            return Proportion(successes: successes, of: heldOut).wilsonInterval()
        }
        (low, high) = (interval?.lower, interval?.upper)
    }

    func write(to folder: JobFolder) throws(FormatError) {
        do {
            try AtomicFile.write(try JSONEncoder().encode(self), to: folder.result)
        } catch let error as FormatError {
            throw error
        } catch {
            throw FormatError(file: folder.result.path, reason: "\(error)")
        }
    }

    /// Nil where the job has not come to a result.
    static func read(_ folder: JobFolder) -> RewardModelResult? {
        guard folder.run.hasAdapter, let data = try? Data(contentsOf: folder.result) else {
            return nil
        }
        return try? JSONDecoder().decode(RewardModelResult.self, from: data)
    }
}
