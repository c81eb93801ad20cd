import Foundation
import Records

/// -1 when the completion gives advice that no reply may give, else 0.
///
/// Advice is found by regular expressions (ICU's syntax, whatever the case). A match does not
/// count where a word of negation stands before it in its sentence: "never stop taking your
/// insulin". The built-in list is ``defaultPatterns``; it finds crude phrases only and replaces no
/// review of answers.
public struct ForbiddenAdviceReward: Reward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        /// Regular expressions.
        public var patterns = ForbiddenAdviceReward.defaultPatterns

        public init() {}

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            patterns = try keys.texts("patterns") ?? patterns
            if let bad = patterns.firstIndex(where: { (try? Self.compiled($0)) == nil }) {
                let reason = "number \(bad + 1) is not a regular expression"
                throw SettingFault(key: "patterns", reason: reason)
            }
        }

        var values: [String: JSONValue] {
            ["patterns": .array(patterns.map(JSONValue.string))]
        }

        fileprivate static func compiled(_ pattern: String) throws -> NSRegularExpression {
            try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
        }
    }

    public let name: String
    private let expressions: [NSRegularExpression]
    private let negation: NSRegularExpression

    /// - Throws: Foundation's error for a pattern that is not a regular expression.
    public init(name: String = "forbidden_advice", settings: Settings = Settings()) throws {
        self.name = name
        expressions = try settings.patterns.map(Settings.compiled)
        negation = try Settings.compiled(Self.negations)
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map { isForbidden($0.completion as NSString) ? -1 : 0 }
    }

    private func isForbidden(_ text: NSString) -> Bool {
        let whole = NSRange(location: 0, length: text.length)
        return expressions.contains { expression in
            expression.matches(in: text as String, range: whole).contains { match in
                !isNegated(match.range.location, in: text)
            }
        }
    }

    private func isNegated(_ place: Int, in text: NSString) -> Bool {
        let before = NSRange(location: 0, length: place)
        let stop = text.rangeOfCharacter(
            from: Self.sentenceEnds, options: .backwards, range: before)
        let start = stop.location == NSNotFound ? 0 : stop.location + 1
        let clause = NSRange(location: start, length: place - start)
        return negation.firstMatch(in: text as String, range: clause) != nil
    }

    private static let sentenceEnds = CharacterSet(charactersIn: ".!?;\n")
    private static let negations =
        #"\b(?:not|never|avoid|cannot|(?:do|does|should|must|ca|wo|would)n['\u2019]?t)\b"#
        + #"|\b(?:unsafe|dangerous|harmful|wrong|refuse|rather than|instead of|without)\b"#
        + #"|\bno\s+(?:circumstances|one|patient|person|reason)\b"#
}
