import Datasets
import Foundation
import Generation
import Layers
import Records
import Rewards

extension RewardPanel {
    /// The rewards of a recipe, trained reward models among them, which share the policy's trunk.
    init(_ specifications: [RewardSpecification], model: LanguageModel) throws {
        try self.init(specifications) { name, settings in
            ModelReward(
                name: name,
                model: try RewardModel.load(
                    URL(filePath: settings.path), onto: model,
                    name: AdapterName(rawValue: "reward-\(name)")))
        }
    }
}

/// The score of a trained reward model.
struct ModelReward: Reward {
    let name: String
    let model: RewardModel

    func scores(of inputs: [RewardInput]) throws(RewardError) -> [Double?] {
        let tokenizer = ExampleTokenizer(
            encoding: model.model.encoding,
            maxLength: model.model.decoder.configuration.maximumPositions, overlong: .truncate)
        let examples: [TokenizedExample]
        do throws(RecordFault) {
            examples = try inputs.map { input throws(RecordFault) in
                try tokenizer.example(input.conversation).answered()
            }
        } catch {
            throw RewardError(reward: name, reason: "a completion cannot be rendered: \(error)")
        }
        do throws(ScoringError) {
            return try model.scores(of: examples)
        } catch {
            throw RewardError(reward: name, reason: "\(error)")
        }
    }
}

extension RewardInput {
    /// Prompt and completion as a record to score. An empty answer is one of a space: there is
    /// nothing else to score.
    fileprivate var conversation: PromptCompletionRecord {
        let text = completion.isEmpty ? " " : completion
        let answer: Turns =
            prompt.isConversational
            ? .messages([Message(role: "assistant", content: text)]) : .text(text)
        return PromptCompletionRecord(
            id: id, line: 1, prompt: prompt, completion: answer, images: images)
    }
}

extension TokenizedExample {
    /// Everything up to the last labelled token, which ends the answer.
    ///
    /// - Throws: never in truth: no image stands behind the answer.
    fileprivate func answered() throws(RecordFault) -> TokenizedExample {
        try prefix((labels.lastIndex(of: true) ?? tokenIDs.count - 1) + 1)
    }
}
