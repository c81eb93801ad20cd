import Records

/// `max_penalty` times the share of the completion's n-grams that repeat an earlier one:
/// max_penalty (1 - distinct n-grams / n-grams), over lower-case words between white space; 0 for
/// fewer than n words.
///
/// Yeo and others, "Demystifying long chain-of-thought reasoning in LLMs" (arXiv 2502.03373),
/// appendix C.2; defaults as in Hugging Face's open-r1: n = 3, max_penalty = -1.
public struct RepetitionReward: Reward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        public var ngramSize = 3
        /// Not positive.
        public var maxPenalty = -1.0

        public init() {}

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            ngramSize = try keys.integer("ngram_size", default: ngramSize, from: 1)
            maxPenalty = try keys.number("max_penalty", default: maxPenalty)
            if maxPenalty > 0 {
                throw SettingFault(key: "max_penalty", reason: "must not be positive")
            }
        }

        var values: [String: JSONValue] {
            ["ngram_size": .integer(ngramSize), "max_penalty": .number(maxPenalty)]
        }
    }

    public let name: String
    let settings: Settings

    /// A penalty for repetition.
    public init(name: String = "repetition", settings: Settings = Settings()) {
        (self.name, self.settings) = (name, settings)
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        // The sum with 0 turns -0 into 0.
        inputs.map { 0 + settings.maxPenalty * repeated($0.completion) }
    }

    private func repeated(_ text: String) -> Double {
        var numbers: [Substring: Int] = [:]
        let lower = text.lowercased()
        let words = lower.split(whereSeparator: \.isWhitespace).map { word in
            let number = numbers[word] ?? numbers.count
            numbers[word] = number
            return number
        }
        let count = words.count - settings.ngramSize + 1
        guard count > 0 else { return 0 }
        let distinct = Set((0..<count).map { words[$0..<($0 + settings.ngramSize)] })
        return 1 - Double(distinct.count) / Double(count)
    }
}
