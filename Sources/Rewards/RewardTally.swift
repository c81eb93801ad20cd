import Foundation

/// What one reward has given so far.
public struct RewardTally: Sendable, Hashable, Codable, CustomStringConvertible {
    public let name: String
    /// Completions seen.
    public private(set) var count = 0
    /// Completions that it did not apply to.
    public private(set) var missing = 0
    /// Completions with a score other than 0.
    public private(set) var nonZero = 0
    /// The group, from 1, in which a score was first not 0; nil when it never was.
    public private(set) var firstFired: Int?
    /// The least and the greatest score; nil before there is one.
    public private(set) var least: Double?
    public private(set) var greatest: Double?
    /// Groups in which not all scores were the same.
    public private(set) var groupsWithSpread = 0
    private var sum = 0.0

    init(name: String) { self.name = name }

    /// Of the completions that it applied to; nil when there are none.
    public var mean: Double? { count > missing ? sum / Double(count - missing) : nil }

    mutating func add(_ group: ArraySlice<Double?>, group number: Int) {
        let scores = group.compactMap { $0 }
        let fired = scores.count { $0 != 0 }
        count += group.count
        missing += group.count - scores.count
        nonZero += fired
        sum += scores.reduce(0, +)
        if fired > 0, firstFired == nil { firstFired = number }
        guard let low = scores.min(), let high = scores.max() else { return }
        if low != high { groupsWithSpread += 1 }
        least = min(least ?? low, low)
        greatest = max(greatest ?? high, high)
    }

    func alarm(after groups: Int) -> RewardAlarm? {
        guard groupsWithSpread == 0 else { return nil }
        guard let least, let greatest else {
            return RewardAlarm(reward: name, groups: groups, problem: .neverApplied)
        }
        let problem: RewardAlarm.Problem = least == greatest ? .constant(least) : .noSpread
        return RewardAlarm(reward: name, groups: groups, problem: problem)
    }

    /// How often it fired and applied, and what it gave.
    public var description: String {
        guard let mean, let least, let greatest else {
            return "\(name): applied to none of \(count) completions"
        }
        let first = firstFired.map { ", first in group \($0)" } ?? ""
        let absent = missing > 0 ? "; did not apply to \(missing)" : ""
        let numbers = [mean, least, greatest].map { String(format: "%.4g", $0) }
        return "\(name): not 0 for \(nonZero) of \(count) completions\(first)\(absent); "
            + "mean \(numbers[0]), \(numbers[1]) to \(numbers[2])"
    }
}

/// A reward from which nothing can be learnt.
public struct RewardAlarm: Sendable, Hashable, CustomStringConvertible {
    public enum Problem: Sendable, Hashable {
        /// No record has what it needs.
        case neverApplied
        /// It gave every completion this score.
        case constant(Double)
        /// It varies between prompts, but never between completions of one prompt.
        case noSpread
    }

    public let reward: String
    /// How many groups it was watched for.
    public let groups: Int
    public let problem: Problem

    /// What happened and what to look at.
    public var description: String {
        let start = "reward '\(reward)'"
        switch problem {
        case .neverApplied:
            return "\(start) applied to none of the first \(groups) groups: do the records have "
                + "the columns it reads?"
        case .constant(let value):
            return
                "\(start) was \(String(format: "%.4g", value)) for every completion of the first "
                + "\(groups) groups: nothing is learnt from it"
        case .noSpread:
            return "\(start) was the same within each of the first \(groups) groups: nothing is "
                + "learnt from it"
        }
    }
}
