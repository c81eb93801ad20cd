/// A prompt and its completions with what their update compares and aims at; one number a token,
/// completion after completion.
struct PPOEpisode: Codable, Equatable {
    let group: RolloutGroup
    /// The critic's value of the state in which each token was chosen.
    let values: [Float]
    let advantages: [Float]
    let returns: [Float]

    var tokenCount: Int { group.tokenCount }
}
