import Records
import Rewards

/// A completion as trainers hand it over.
func input(
    _ completion: String,
    _ columns: [String: JSONValue] = [:],
    id: String? = nil,
    prompt: String = "",
    tokens: Int = 10,
    isTruncated: Bool = false
) -> RewardInput {
    RewardInput(
        id: id, prompt: .messages([Message(role: "user", content: prompt)]),
        completion: completion, completionTokens: tokens, isTruncated: isTruncated,
        columns: columns)
}

extension Reward {
    /// The score of one completion.
    func score(_ input: RewardInput) throws -> Double? {
        try scores(of: [input])[0]
    }
}
