import Feedback
import Records
import Rewards

/// The prompts that `grpo` draws answers to, with what rewards them.
struct PromptFile: Sendable {
    let lines: [JSONValue]
    let rewards: [RewardSpecification]
    /// All that the lines name, each once.
    let images: Set<CaseImage>

    /// - Parameters:
    ///   - cases: judged cases, none held out.
    ///   - rewardModel: the folder of a reward model, which then counts as much as being right.
    init(cases: [ClinicalCase], rewardModel: String?) {
        lines = cases.map(Self.line)
        images = Set(cases.flatMap(\.images))
        var rewards: [RewardSpecification] = []
        if cases.contains(where: { !$0.options.isEmpty }) {
            rewards.append(Self.answer(.option, column: Self.letter))
        }
        if cases.contains(where: \.options.isEmpty) {
            rewards.append(Self.answer(.diagnosis, column: Self.diagnosis))
        }
        if let rewardModel {
            rewards.append(
                RewardSpecification(
                    name: "preference", kind: .model(ModelRewardSettings(path: rewardModel))))
        }
        self.rewards = rewards
    }

    /// A reward applies to the cases that have its column.
    private static func answer(
        _ mode: AnswerReward.Mode, column: String
    ) -> RewardSpecification {
        var settings = AnswerReward.Settings(mode: mode)
        settings.column = column
        return RewardSpecification(name: mode.rawValue, kind: .answer(settings))
    }

    /// The columns with the known answer: of a case with options, and of one without.
    private static let letter = "letter"
    private static let diagnosis = "diagnosis"

    private static func line(_ clinicalCase: ClinicalCase) -> JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(clinicalCase.id),
            "prompt": .array(
                clinicalCase.messages.map { turn in
                    .object(["role": .string(turn.role), "content": .string(turn.content)])
                }),
        ]
        if let paths = clinicalCase.images.paths {
            members["images"] = .array(paths.map { .string($0) })
        }
        if clinicalCase.options.isEmpty {
            members[Self.diagnosis] = .string(clinicalCase.diagnosis ?? clinicalCase.answer)
        } else {
            members[Self.letter] = .string(clinicalCase.answer)
            members["options"] = .object(
                Dictionary(
                    clinicalCase.options.map { ($0.letter, JSONValue.string($0.text)) },
                    uniquingKeysWith: { first, _ in first }))
        }
        return .object(members)
    }
}
