import CaseBank
import Records

/// 1 when the completion gives the record's known answer, else 0; it does not apply to a record
/// whose answer is not known.
///
/// The known answer stands in the column `answer`, `solution` or `gold` (or the one that the
/// recipe names; in the mode `diagnosis`, `diagnosis` comes first). It may be a whole answer in
/// tags, such as `<answer> C </answer>`, of which the part in the tags counts. What the completion
/// gives is its last complete `<answer>` pair, else what it announces, else all of it; with
/// `require_tag` only the pair counts.
/// - `option`: both name the same option, see `AnswerParser` for how a reply may say so; the
///   options come from the record, see ``AnswerOptions``.
/// - `exact`: both are the same text (GRPO-Healthcare's correctness reward).
/// - `text`: the same after lower-casing and removing punctuation and the articles a, an, the
///   (Rajpurkar and others, SQuAD, 2016).
/// - `number`: the number given differs by at most `tolerance` times the known one.
/// - `diagnosis`: the final claim is the known condition under any name of the case bank; negated
///   and hedged mentions do not count, see `DiagnosisMatcher`.
public struct AnswerReward: Reward {
    /// What makes two answers the same.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        case option, exact, text, number, diagnosis
    }

    public let name: String
    let settings: Settings
    private let comparison: any AnswerComparison

    /// A check against the known answer.
    ///
    /// - Throws: `CaseBankError` when the case bank, which the mode `diagnosis` needs, is damaged.
    public init(name: String = "answer", settings: Settings) throws(CaseBankError) {
        self.name = name
        self.settings = settings
        comparison =
            switch settings.mode {
            case .option: OptionComparison()
            case .exact: ExactComparison()
            case .text: NormalizedTextComparison()
            case .number: NumberComparison(tolerance: settings.tolerance)
            case .diagnosis: DiagnosisComparison(bank: try CaseBank.bundled())
            }
    }

    public func scores(of inputs: [RewardInput]) -> [Double?] {
        inputs.map(score)
    }

    private func score(_ input: RewardInput) -> Double? {
        guard let gold = GoldAnswer(input.columns, in: settings.columns),
            let question = comparison.question(input, gold: gold)
        else { return nil }
        let answer = FinalAnswer(in: input.completion)
        if settings.requireTag, answer.place != .tagged { return 0 }
        return question(answer) ? 1 : 0
    }
}

extension AnswerReward {
    /// What a recipe says of it.
    public struct Settings: RewardSettings {
        public var mode: Mode
        /// The column with the known answer; nil for the usual ones.
        public var column: String?
        /// Whether only an answer in `<answer>` tags counts.
        public var requireTag = false
        /// Of the known number; read in the mode `number`.
        public var tolerance = 1e-6

        /// The defaults of a mode.
        public init(mode: Mode) { self.mode = mode }

        init(_ keys: inout SettingsReader) throws(SettingFault) {
            mode = try keys.choice("mode", default: nil)
            column = try keys.text("column")
            requireTag = try keys.bool("require_tag", default: requireTag)
            guard mode == .number else { return }
            tolerance = try keys.number("tolerance", default: tolerance)
            if tolerance < 0 { throw SettingFault(key: "tolerance", reason: "is negative") }
        }

        var values: [String: JSONValue] {
            var values: [String: JSONValue] = [
                "mode": .string(mode.rawValue), "require_tag": .bool(requireTag),
            ]
            values["column"] = column.map(JSONValue.string)
            if mode == .number { values["tolerance"] = .number(tolerance) }
            return values
        }

        var columns: [String] {
            if let column { return [column] }
            return (mode == .diagnosis ? ["diagnosis"] : []) + GoldAnswer.columns
        }
    }
}

/// How an answer is held against the known one.
protocol AnswerComparison {
    /// A check of answers to this record; nil when the known answer is none that can be compared.
    func question(_ input: RewardInput, gold: GoldAnswer) -> ((FinalAnswer) -> Bool)?
}
