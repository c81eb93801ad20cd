/// An element of a recipe's `rewards` that cannot be used.
public struct RewardSpecificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Its place in the list, from 0; nil when it is not about one element.
    public private(set) var index: Int?
    /// The type of the reward, where it could be read.
    public let reward: String?
    public let key: String?
    public let reason: String

    init(reward: String?, key: String?, reason: String) {
        (self.reward, self.key, self.reason) = (reward, key, reason)
    }

    func at(_ index: Int) -> Self {
        var error = self
        error.index = index
        return error
    }

    /// Place, type, key and reason.
    public var description: String {
        let place = index.map { "reward \($0 + 1)" } ?? "rewards"
        let element = place + (reward.map { " (\($0))" } ?? "")
        return [element, key, reason].compactMap { $0 }.joined(separator: ": ")
    }
}
