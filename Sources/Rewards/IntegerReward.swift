import Answers
import Records

/// 1 when the final answer is a whole number and nothing else, else 0; it does not apply to a
/// record whose known answer is not a whole number.
///
/// GRPO-Healthcare's integer reward. There it was also paid where the right answer is a word.
public struct IntegerReward: Reward {
    public let name: String

    /// A check for a whole number.
    public init(name: String = "integer") { self.name = name }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map { input in
            if let gold = GoldAnswer(input.columns), !isInteger(gold.text) { return nil }
            return isInteger(FinalAnswer(in: input.completion).text) ? 1 : 0
        }
    }

    private func isInteger(_ text: String) -> Bool {
        let digits =
            text.utf8.first.map { $0 == 43 || $0 == 45 } == true ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
    }
}

extension IntegerReward {
    /// A recipe has nothing to say of it.
    public struct Settings: RewardSettings {
        public init() {}
        init(_: inout SettingsReader) {}
        var values: [String: JSONValue] { [:] }
    }
}
