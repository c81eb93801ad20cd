import Records

/// What a reward of a recipe measures, with its settings.
public enum RewardKind: Sendable, Hashable {
    case answer(AnswerReward.Settings)
    case format(FormatReward.Settings)
    case tagCount(TagCountReward.Settings)
    case integer(IntegerReward.Settings)
    case length(LengthReward.Settings)
    case repetition(RepetitionReward.Settings)
    case forbiddenAdvice(ForbiddenAdviceReward.Settings)
    case program(ProgramReward.Settings)
    case model(ModelRewardSettings)
}

extension RewardKind {
    /// The key `type` of a recipe.
    enum TypeName: String, CaseIterable {
        case answer, format
        case tagCount = "tag_count"
        case integer, length, repetition
        case forbiddenAdvice = "forbidden_advice"
        case program, model
    }

    init(_ type: TypeName, _ keys: inout SettingsReader) throws(SettingFault) {
        self =
            switch type {
            case .answer: .answer(try .init(&keys))
            case .format: .format(try .init(&keys))
            case .tagCount: .tagCount(try .init(&keys))
            case .integer: .integer(.init(&keys))
            case .length: .length(try .init(&keys))
            case .repetition: .repetition(try .init(&keys))
            case .forbiddenAdvice: .forbiddenAdvice(try .init(&keys))
            case .program: .program(try .init(&keys))
            case .model: .model(try .init(&keys))
            }
    }

    var type: TypeName { parts.type }

    /// All settings as a recipe writes them.
    var values: [String: JSONValue] { parts.settings.values }

    private var parts: (type: TypeName, settings: any RewardSettings) {
        switch self {
        case .answer(let settings): (.answer, settings)
        case .format(let settings): (.format, settings)
        case .tagCount(let settings): (.tagCount, settings)
        case .integer(let settings): (.integer, settings)
        case .length(let settings): (.length, settings)
        case .repetition(let settings): (.repetition, settings)
        case .forbiddenAdvice(let settings): (.forbiddenAdvice, settings)
        case .program(let settings): (.program, settings)
        case .model(let settings): (.model, settings)
        }
    }
}
