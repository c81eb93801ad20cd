import Records

/// 1 when the completion has the tags it was asked for, else 0. Tags may span lines.
///
/// With tags `reasoning, answer`, and white space around the whole left aside:
/// - `strict`: `<reasoning>`, text, `</reasoning>`, `<answer>`, text, `</answer>`, each tag alone
///   on its line and nothing outside (GRPO-Healthcare's strict XML reward, where it had to be a
///   line feed, and '.' had to cross lines but did not);
/// - `full`: the same wherever the lines break (Med-R1's format reward, a full match of
///   `<think>.*?</think>\s*<answer>.*?</answer>`);
/// - `soft`: `<reasoning>.*?</reasoning>\s*<answer>.*?</answer>` somewhere in the completion.
///
/// For `strict` and `full` each tag occurs once and holds some text: empty tags earn nothing.
public struct FormatReward: Reward {
    /// How much the form may vary.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        case strict, full, soft
    }

    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        public var mode = Mode.full
        /// In the order they stand; `[answer]` asks for the answer alone.
        public var tags = ["reasoning", "answer"]

        public init() {}

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            mode = try keys.choice("mode", default: mode)
            tags = try keys.tags(default: tags)
        }

        var values: [String: JSONValue] {
            ["mode": .string(mode.rawValue), "tags": .array(tags.map(JSONValue.string))]
        }
    }

    public let name: String
    let settings: Settings

    /// A check of the form.
    public init(name: String = "format", settings: Settings = Settings()) {
        (self.name, self.settings) = (name, settings)
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map { fits(TaggedText($0.completion)) ? 1 : 0 }
    }

    private func fits(_ text: TaggedText) -> Bool {
        if settings.mode == .soft { return occurs(in: text) }
        guard let pairs = text.onlyPairs(of: settings.tags), let last = pairs.last else {
            return false
        }
        let starts = [0] + pairs.map(\.closing.upperBound)
        let gaps = zip(starts, pairs).map { $0..<$1.opening.lowerBound }
        let isWhole = (gaps + [last.closing.upperBound..<text.bytes.count]).allSatisfy(text.isBlank)
        guard isWhole, !pairs.contains(where: { text.isBlank($0.content) }) else { return false }
        return settings.mode == .full
            || pairs.allSatisfy { pair in
                text.isAloneOnItsLine(pair.opening) && text.isAloneOnItsLine(pair.closing)
            }
    }

    /// Whether the first opening tag, each closing tag with the next opening one behind it, and
    /// the last closing tag follow each other.
    private func occurs(in text: TaggedText) -> Bool {
        guard let first = settings.tags.first, let last = settings.tags.last,
            let opening = text.ranges(of: "<\(first)>").first
        else { return false }
        var place = opening.upperBound
        for (tag, next) in zip(settings.tags, settings.tags.dropFirst()) {
            let openings = text.ranges(of: "<\(next)>")
            let joints = text.ranges(of: "</\(tag)>").lazy.filter { $0.lowerBound >= place }
                .compactMap { closing in
                    openings.first {
                        $0.lowerBound >= closing.upperBound
                            && text.isBlank(closing.upperBound..<$0.lowerBound)
                    }
                }
            guard let joint = joints.first else { return false }
            place = joint.upperBound
        }
        return text.ranges(of: "</\(last)>").contains { $0.lowerBound >= place }
    }
}
