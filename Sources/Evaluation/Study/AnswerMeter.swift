import Datasets
import Generation
import Records

/// Lets a model answer prompts and measures its answers.
public struct AnswerMeter {
    let model: LanguageModel
    let judge: RewardModel?
    let maximumTokens: Int
    let width: Int

    /// - Parameters:
    ///   - judge: scores the answers; on the same trunk.
    ///   - width: how many answers are written together.
    public init(
        _ model: LanguageModel, judge: RewardModel? = nil, maximumTokens: Int, width: Int = 16
    ) {
        (self.model, self.judge) = (model, judge)
        (self.maximumTokens, self.width) = (maximumTokens, width)
    }

    /// Greedy answers in the order of the prompts.
    ///
    /// - Parameters:
    ///   - references: the reference answer of each prompt, or nil.
    ///   - hasForm: whether an answer has the form asked for; nil where none is.
    ///   - report: called as prompts are begun.
    /// - Throws: ``EvaluationError`` when a prompt cannot be rendered or is too long, or a number
    ///   of model or judge is not finite.
    public func rows(
        _ records: [PromptRecord], references: [String?], hasForm: ((String) -> Bool)? = nil,
        report: @escaping (EvaluationProgress) -> Void = { _ in }
    ) throws(EvaluationError) -> [AnswerRow] {
        let prompts = try tokenized(records)
        let answers = try answers(to: prompts, report)
        let examples = zip(prompts, answers).map { $0.answered($1.tokenIDs) }
        let (ratios, rewards): ([Double], [Double]?)
        do throws(ScoringError) {
            ratios = try logRatios(examples)
            rewards = try judge?.scores(of: zip(prompts, answers).map { judged($0, $1) })
        } catch {
            throw EvaluationError(error)
        }
        return answers.indices.map { place in
            AnswerRow(
                id: prompts[place].id, text: answers[place].text,
                tokens: answers[place].tokenIDs.count,
                isTruncated: answers[place].finishReason == .length, logRatio: ratios[place],
                hasForm: hasForm?(answers[place].text), reward: rewards?[place],
                reference: references[place])
        }
    }

    private func tokenized(
        _ records: [PromptRecord]
    ) throws(EvaluationError) -> [TokenizedPrompt] {
        let limit = model.decoder.configuration.maximumPositions
        let tokenizer = PromptTokenizer(encoding: model.encoding, maxLength: limit - 1)
        var prompts: [TokenizedPrompt] = []
        for record in records {
            do throws(RecordFault) {
                prompts.append(try tokenizer.fitted(tokenizer.prompt(record)))
            } catch {
                let id = record.id ?? "line \(record.line)"
                if case .tooLong(let tokens, _) = error {
                    throw .tooLong(item: id, tokens: tokens, limit: limit)
                }
                throw .template(item: id, reason: "\(error)")
            }
        }
        return prompts
    }

    private func answers(
        to prompts: [TokenizedPrompt], _ report: @escaping (EvaluationProgress) -> Void
    ) throws(EvaluationError) -> [Completion] {
        var begun = 0
        do throws(GenerationError) {
            let settings = SamplingSettings.greedy(maximumTokens: maximumTokens)
            let answers = try GenerationEngine(model, width: width).generate(
                prompts.map {
                    GenerationRequest(
                        tokens: $0.tokens, images: $0.images, settings: settings, id: $0.id)
                }
            ) {
                if $0.prompt >= begun {
                    begun = $0.prompt + 1
                    report(EvaluationProgress(done: max(0, begun - width), total: prompts.count))
                }
                return true
            }
            report(EvaluationProgress(done: prompts.count, total: prompts.count))
            return answers.flatMap { $0 }
        } catch {
            throw EvaluationError(error)
        }
    }

    /// Both sides come from the same forward code, with the adapter on and off.
    private func logRatios(_ examples: [TokenizedExample]) throws(ScoringError) -> [Double] {
        let own = try model.logProbabilities(of: examples)
        let base = try model.decoder.adapters.disabled { () throws(ScoringError) in
            try model.logProbabilities(of: examples)
        }
        return zip(own, base).map { own, base in
            zip(own, base).reduce(0) { $0 + Double($1.0) - Double($1.1) }
        }
    }

    /// What the judge reads: the answer with the end of its turn, as in its training.
    private func judged(_ prompt: TokenizedPrompt, _ answer: Completion) -> TokenizedExample {
        guard answer.finishReason == .length, let end = model.tokenizer.eosID else {
            return prompt.answered(answer.tokenIDs)
        }
        return prompt.answered(answer.tokenIDs + [Int32(end)])
    }
}
