import Rewards

/// The keys of a method that learns from its own answers, besides those that decide how answers
/// are drawn.
public protocol RolloutKeys: DescribedSettings {
    static var method: TrainingMethod { get }
    /// The default learning rate.
    static var learningRate: Double { get }

    /// - Throws: the first value out of its range.
    func check(_ settings: TrainingSettings) throws(RecipeFault)
    /// What a run depends on besides rewards, reference and the shared settings.
    var sources: [RunSource] { get }
}

extension RolloutKeys {
    public static var learningRate: Double { 1e-6 }
    public var sources: [RunSource] { [] }
}

/// What a method that learns from its own answers adds to a recipe, one flat list of keys.
public struct RolloutMethod<Own: RolloutKeys>: Sendable, Hashable {
    public var rollout = RolloutSettings()
    public var own = Own()

    public init() {}
}

extension RolloutMethod: MethodSettings {
    public static var method: TrainingMethod { Own.method }
    public static var descriptions: [KeyDescription] {
        RolloutSettings.descriptions + Own.descriptions
    }

    public init(from decoder: any Decoder) throws {
        rollout = try RolloutSettings(from: decoder)
        own = try Own(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        try own.encode(to: encoder)
    }

    /// One pass over the prompts, without dropout, as TRL has it.
    public static func adjust(_ settings: inout TrainingSettings) {
        settings.learningRate = Own.learningRate
        settings.numTrainEpochs = 1
        settings.loraDropout = 0
    }

    public func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try rollout.check(settings)
        try own.check(settings)
    }

    public func sources() throws(RecipeFault) -> [RunSource] {
        let rewards = try rollout.specifications().compactMap { reward -> RunSource? in
            switch reward.kind {
            case .model(let settings):
                .adapter("reward model \(reward.name)", folder: settings.path)
            case .program(let settings):
                .program("reward program \(reward.name)", command: settings.command)
            default: nil
            }
        }
        return [ReferenceKey.source(rollout.reference)] + rewards + own.sources
    }
}
