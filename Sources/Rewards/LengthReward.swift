import Records

/// 1 for a completion of `min_tokens` to `max_tokens` tokens, falling linearly to 0 over `margin`
/// tokens outside; 0 for a truncated one, whose length is not known.
///
/// The falling edge is that of DAPO's soft overlong punishment (Yu and others, "DAPO: an
/// open-source LLM reinforcement learning system at scale", 2025, equation 13), raised by one.
public struct LengthReward: Reward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        public var minTokens = 0
        public var maxTokens: Int
        /// 0 for a sharp edge.
        public var margin = 0

        /// A window of lengths.
        public init(minTokens: Int = 0, maxTokens: Int, margin: Int = 0) {
            (self.minTokens, self.maxTokens, self.margin) = (minTokens, maxTokens, margin)
        }

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            minTokens = try keys.integer("min_tokens", default: 0, from: 0)
            maxTokens = try keys.integer("max_tokens", default: nil, from: max(1, minTokens))
            margin = try keys.integer("margin", default: 0, from: 0)
        }

        var values: [String: JSONValue] {
            [
                "min_tokens": .integer(minTokens), "max_tokens": .integer(maxTokens),
                "margin": .integer(margin),
            ]
        }
    }

    public let name: String
    let settings: Settings

    /// A check of the length.
    public init(name: String = "length", settings: Settings) {
        (self.name, self.settings) = (name, settings)
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map { $0.isTruncated ? 0 : score($0.completionTokens) }
    }

    private func score(_ tokens: Int) -> Double {
        let outside = max(settings.minTokens - tokens, tokens - settings.maxTokens, 0)
        return outside == 0 ? 1 : max(0, 1 - Double(outside) / Double(max(settings.margin, 1)))
    }
}
