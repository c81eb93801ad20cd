import Records

/// 1/8 for each tag that occurs once and stands alone on its line, less 0.001 for each character
/// behind the last closing tag: 1/2 for the two pairs, `reasoning` and `answer`.
///
/// GRPO-Healthcare's XML count, which comes from W. Brown's GRPO demonstration of 2025. There the
/// trailing text is charged twice, and the whole completion where a final line feed is missing;
/// here trailing characters (Unicode scalars) are charged once, and white space at the end is free.
public struct TagCountReward: Reward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        /// In the order they stand.
        public var tags = ["reasoning", "answer"]

        public init() {}

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            tags = try keys.tags(default: tags)
        }

        var values: [String: JSONValue] { ["tags": .array(tags.map(JSONValue.string))] }
    }

    static let perTag = 0.125
    static let perTrailingCharacter = 0.001

    public let name: String
    let settings: Settings

    /// A count of tags.
    public init(name: String = "tag_count", settings: Settings = Settings()) {
        (self.name, self.settings) = (name, settings)
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map { score(TaggedText($0.completion)) }
    }

    private func score(_ text: TaggedText) -> Double {
        let found = settings.tags.flatMap { ["<\($0)>", "</\($0)>"] }.filter { tag in
            let places = text.ranges(of: tag)
            return places.count == 1 && text.isAloneOnItsLine(places[0])
        }
        let trailing = settings.tags.last.map { trailingCharacters(in: text, after: $0) } ?? 0
        return Double(found.count) * Self.perTag - Double(trailing) * Self.perTrailingCharacter
    }

    private func trailingCharacters(in text: TaggedText, after tag: String) -> Int {
        guard let end = text.ranges(of: "</\(tag)>").last?.upperBound else { return 0 }
        let stop = (text.bytes.lastIndex { !$0.isSpace } ?? -1) + 1
        return String(decoding: text.bytes[end..<max(end, stop)], as: UTF8.self).unicodeScalars
            .count
    }
}
