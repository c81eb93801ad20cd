/// A named number for how good a completion is.
///
/// A score is a function of the prompt, the completion and the record's columns. Rewards need not
/// be sendable: one may hold a model or a child process, and one thread works with it.
public protocol Reward {
    /// Names its curve, `rewards/<name>/mean`.
    var name: String { get }

    /// Scores a batch.
    ///
    /// - Returns: one number for each input, in order; nil where the reward does not apply to the
    ///   record.
    /// - Throws: ``RewardError`` naming the rows that could not be scored.
    func scores(of inputs: [RewardInput]) throws(RewardError) -> [Double?]
}
