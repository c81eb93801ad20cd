import Feedback
import Records

/// The prompts that `grpo` draws answers to, with what rewards them.
struct PromptFile: Sendable {
    let lines: [JSONValue]
    let rewards: [JSONValue]
    /// All that the lines name, each once.
    let images: Set<CaseImage>

    /// - Parameters:
    ///   - cases: judged cases, none held out.
    ///   - rewardModel: the folder of a reward model, which then counts as much as being right.
    init(cases: [ClinicalCase], rewardModel: String?) {
        lines = cases.map(Self.line)
        images = Set(cases.flatMap(\.images))
        var rewards: [JSONValue] = []
        if cases.contains(where: { !$0.options.isEmpty }) {
            rewards.append(Self.answer(mode: "option", column: "letter"))
        }
        if cases.contains(where: \.options.isEmpty) {
            rewards.append(Self.answer(mode: "diagnosis", column: "diagnosis"))
        }
        if let rewardModel {
            rewards.append(
                .object([
                    "type": .string("model"), "name": .string("preference"),
                    "path": .string(rewardModel),
                ]))
        }
        self.rewards = rewards
    }

    /// A reward applies to the cases that have its column.
    private static func answer(mode: String, column: String) -> JSONValue {
        .object([
            "type": .string("answer"), "mode": .string(mode), "name": .string(mode),
            "column": .string(column),
        ])
    }

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
            members["diagnosis"] = .string(clinicalCase.diagnosis ?? clinicalCase.answer)
        } else {
            members["letter"] = .string(clinicalCase.answer)
            members["options"] = .object(
                Dictionary(
                    clinicalCase.options.map { ($0.letter, JSONValue.string($0.text)) },
                    uniquingKeysWith: { first, _ in first }))
        }
        return .object(members)
    }
}
