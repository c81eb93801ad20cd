import Answers
import Datasets
import Generation
import Models
import Records
import Torch

/// Asks a model a task's questions.
public struct Evaluator {
    /// Takes note of how far an evaluation is.
    public typealias Report = (EvaluationProgress) -> Void

    let model: LanguageModel
    let report: Report

    /// - Parameter report: called whenever questions have been answered.
    public init(_ model: LanguageModel, report: @escaping Report = { _ in }) {
        self.model = model
        self.report = report
    }

    /// Scores each option as the reply, in the task's frame, and chooses the best; among equals the
    /// first.
    ///
    /// A prompt passes the model once, whatever the number of its options.
    ///
    /// - Throws: ``EvaluationError`` when a prompt cannot be rendered or is too long, an image
    ///   cannot be read, a question has no options, or a log-probability is not finite.
    public func likelihood(_ task: EvaluationTask) throws(EvaluationError) -> [ItemResult] {
        var questions: [ScoredQuestion] = []
        for item in task.items { questions.append(try scored(item, task.frame)) }
        let scorer = OptionScorer(model)
        var results: [ItemResult?] = Array(repeating: nil, count: questions.count)
        var done = 0
        for batch in OptionScorer.batches(questions.map(\.count)) {
            let scores = try logProbabilities(scorer, batch.map { questions[$0] })
            for (place, options) in zip(batch, scores) {
                results[place] = Self.result(
                    task.items[place],
                    options.map { task.frame.score($0) }
                )
            }
            done += batch.count
            report(EvaluationProgress(done: done, total: questions.count))
        }
        return results.compactMap { $0 }
    }

    /// Lets the model reply to each question and parses what it says.
    ///
    /// - Parameters:
    ///   - settings: greedy, up to the task's number of tokens, where nil.
    ///   - width: how many replies are written together.
    /// - Throws: ``EvaluationError`` when a prompt cannot be rendered or is too long, an image
    ///   cannot be read, a setting is out of range, or a log-probability is not finite.
    public func generation(
        _ task: EvaluationTask,
        settings: SamplingSettings? = nil,
        parsing mode: AnswerParser.Mode = .tolerant,
        width: Int = 16
    ) throws(EvaluationError) -> [ItemResult] {
        let settings = settings ?? .greedy(maximumTokens: task.maximumTokens)
        var requests: [GenerationRequest] = []
        for item in task.items {
            let prompt = try prompt(item)
            try check(item, tokens: prompt.tokenCount + 1)
            requests.append(
                GenerationRequest(
                    tokens: prompt.tokens, images: prompt.images, settings: settings, id: item.id))
        }
        let replies = try replies(to: requests, width)
        return zip(task.items, replies).map { item, reply in
            if let template = task.template {
                return ReplyReader(item: item, template: template).result(reply)
            }
            let parser = AnswerParser(options: item.options, mode: mode)
            return ItemResult(item, predicted: parser.label(in: reply), text: reply)
        }
    }
}

extension Evaluator {
    private func replies(
        to requests: [GenerationRequest], _ width: Int
    ) throws(EvaluationError) -> [String] {
        let (total, report) = (requests.count, report)
        var started = 0
        do throws(GenerationError) {
            let engine = GenerationEngine(model, width: width)
            let completions = try engine.generate(requests) { token in
                // Prompts start in order as places become free: all but the last `width` are done.
                if token.prompt >= started {
                    started = token.prompt + 1
                    report(EvaluationProgress(done: max(0, started - width), total: total))
                }
                return true
            }
            report(EvaluationProgress(done: total, total: total))
            return completions.map { $0.first?.text ?? "" }
        } catch {
            throw EvaluationError(error)
        }
    }

    private func logProbabilities(
        _ scorer: OptionScorer, _ questions: [ScoredQuestion]
    ) throws(EvaluationError) -> [[[Float]]] {
        do throws(ScoringError) {
            return try scorer.logProbabilities(questions)
        } catch {
            throw EvaluationError(error)
        }
    }

    /// A question with the replies that its options are scored as.
    ///
    /// - Parameter openReply: whether an open question has its right answer as the only reply.
    func scored(
        _ item: EvaluationItem,
        _ frame: AnswerFrame,
        openReply: Bool = false
    ) throws(EvaluationError) -> ScoredQuestion {
        guard !item.isOpen || openReply else { throw .open(item: item.id) }
        let options =
            item.isOpen ? [AnswerOption(label: item.gold, text: item.gold)] : item.options
        let prompt = try prompt(item)
        let question = ScoredQuestion(
            id: item.id,
            prompt: prompt.tokens,
            images: prompt.images,
            opening: encoded(frame.opening),
            replies: options.map { encoded(frame.reply($0)) }
        )
        let longest = question.completions.map(\.count).max() ?? 0
        try check(item, tokens: question.prompt.count + longest)
        return question
    }

    /// The conversation through the chat template; without one, its text and an empty line.
    private func prompt(_ item: EvaluationItem) throws(EvaluationError) -> TokenizedPrompt {
        let turns: Turns =
            model.tokenizer.chatTemplate == nil
            ? .text(item.messages.map { $0.content + "\n\n" }.joined()) : .messages(item.messages)
        let limit = model.decoder.configuration.maximumPositions
        do throws(RecordFault) {
            return try PromptTokenizer(encoding: model.encoding, maxLength: limit).prompt(
                PromptRecord(
                    id: item.id, line: 0, prompt: turns, columns: [:], images: item.images))
        } catch {
            throw .template(item: item.id, reason: error.description)
        }
    }

    private func encoded(_ text: String) -> [Int32] {
        model.tokenizer.encode(text, parseSpecial: false).map { Int32($0) }
    }

    private func check(_ item: EvaluationItem, tokens: Int) throws(EvaluationError) {
        let limit = model.decoder.configuration.maximumPositions
        guard tokens <= limit else { throw .tooLong(item: item.id, tokens: tokens, limit: limit) }
    }

    private static func result(_ item: EvaluationItem, _ scores: [Double]) -> ItemResult {
        let labels = item.options.map(\.label)
        var best = 0
        for (place, score) in scores.enumerated() where score > scores[best] { best = place }
        return ItemResult(
            item,
            predicted: labels[best],
            scores: Dictionary(zip(labels, scores)) { first, _ in first }
        )
    }
}
