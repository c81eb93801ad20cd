/// Watches what the rewards of a run give, and tells when one cannot teach anything.
///
/// A value: saved with a checkpoint, it goes on where it stopped.
public struct RewardMonitor: Sendable, Hashable, Codable {
    /// Completions of one prompt, which stand next to each other in a batch.
    public let groupSize: Int
    /// After how many groups a reward is judged.
    public let watchedGroups: Int
    /// One for each reward, in the order of the recipe.
    public private(set) var tallies: [RewardTally]
    private var groups = 0

    /// A monitor that has seen nothing.
    public init(names: [String], groupSize: Int, watchedGroups: Int = 20) {
        precondition(groupSize > 0 && watchedGroups > 0, "a monitor watches groups")
        self.groupSize = groupSize
        self.watchedGroups = watchedGroups
        tallies = names.map(RewardTally.init(name:))
    }

    /// Takes in a batch of whole groups.
    ///
    /// - Returns: the alarms to tell now; each reward is judged once, when the watched groups are
    ///   complete.
    public mutating func record(_ scores: RewardScores) -> [RewardAlarm] {
        precondition(scores.names == tallies.map(\.name), "scores of other rewards")
        let count = scores.columns.first.map { $0.count / groupSize } ?? 0
        var alarms: [RewardAlarm] = []
        for group in 0..<count {
            let range = (group * groupSize)..<((group + 1) * groupSize)
            groups += 1
            for index in tallies.indices {
                tallies[index].add(scores.columns[index][range], group: groups)
            }
            if groups == watchedGroups { alarms = tallies.compactMap { $0.alarm(after: groups) } }
        }
        return alarms
    }

    /// A line for each reward, for the end of a run.
    public var summary: [String] { tallies.map(\.description) }
}
