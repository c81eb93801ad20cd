import Datasets
import Generation
import Models
import Objectives
import Records
import Torch

/// A prompt and the replies whose log-probabilities are wanted.
struct ScoredQuestion {
    /// What errors call it.
    let id: String
    /// All that is not scored: the rendered question and what all replies begin with.
    let prompt: [Int32]
    /// In the order of their tokens, all in the prompt.
    let images: [PlacedImage]
    /// The scored tokens of each reply: one at least.
    let completions: [[Int32]]

    /// - Parameters:
    ///   - id: what errors call it.
    ///   - prompt: ids of the rendered question.
    ///   - images: the images among them.
    ///   - opening: ids of the unscored beginning.
    ///   - replies: ids of whole replies. How the opening's last characters fall into tokens may
    ///     depend on what follows, so only ids that all of them share are taken as given.
    init(
        id: String, prompt: [Int32], images: [PlacedImage] = [], opening: [Int32],
        replies: [[Int32]]
    ) {
        let shared = replies.reduce(opening.count) { count, reply in
            zip(opening.prefix(count), reply.dropLast()).prefix { $0 == $1 }.count
        }
        self.id = id
        self.prompt = prompt + opening.prefix(shared)
        self.images = images
        completions = replies.map { Array($0.dropFirst(shared)) }
    }

    /// Tokens that pass the model.
    var count: Int { completions.reduce(prompt.count) { $0 + $1.count - 1 } }

    /// Prompt and replies as one group.
    var group: PromptGroup {
        PromptGroup(prompt: prompt, completions: completions, id: id, images: images)
    }
}

/// Log-probabilities of replies, many questions at once.
///
/// Each prompt passes the model once and stays in a cache; its last position predicts the first
/// token of every reply. Replies of one token, labels as a rule, are scored by that alone; longer
/// ones continue from a copy of the cache, the k-th of every question in one pass. Prompts with
/// images go in one pass with all of their replies.
struct OptionScorer {
    private let model: LanguageModel
    private var decoder: Decoder { model.decoder }
    /// Tokens of a batch, as large as keeps the matrix products fast and the cache small.
    private static let budget = 4096

    init(_ model: LanguageModel) { self.model = model }

    /// Places of questions that are scored together, of similar length, within the budget.
    static func batches(_ counts: [Int]) -> [[Int]] {
        var batches: [[Int]] = []
        var tokens = 0
        for place in counts.indices.sorted(by: { (counts[$0], $0) < (counts[$1], $1) }) {
            tokens += counts[place]
            if batches.isEmpty || tokens > budget {
                batches.append([])
                tokens = counts[place]
            }
            batches[batches.count - 1].append(place)
        }
        return batches
    }

    /// log p of each scored token, by question and reply, f32.
    ///
    /// - Throws: `ScoringError` when an image can no longer be read, or a number is not finite: the
    ///   first question that shows it is in the error.
    func logProbabilities(_ questions: [ScoredQuestion]) throws(ScoringError) -> [[[Float]]] {
        let values: [[[Float]]]
        if questions.contains(where: { !$0.images.isEmpty }) {
            do throws(ImageFault) {
                values = try packed(questions)
            } catch {
                throw .image(error)
            }
        } else {
            values = cached(questions)
        }
        let strange = values.firstIndex { replies in !replies.allSatisfy(\.areFinite) }
        if let strange { throw .notFinite(record: questions[strange].id) }
        return values
    }

    private func packed(_ questions: [ScoredQuestion]) throws(ImageFault) -> [[[Float]]] {
        let batch = PackedBatch(groups: questions.map(\.group))
        var values = try withInference { () throws(ImageFault) in
            try model.scores(of: batch).logProbabilities.values(Float.self)
        }[...]
        return questions.map { question in
            question.completions.map { completion in
                let own = values.prefix(completion.count)
                values = values.dropFirst(completion.count)
                return Array(own)
            }
        }
    }

    private func cached(_ questions: [ScoredQuestion]) -> [[[Float]]] {
        withInference {
            let longest = questions.flatMap { question in question.completions.map(\.count) }.max()
            guard let longest, longest > 1 else { return firstTokens(questions, nil) }
            let cache = KeyValueCache(
                decoder.configuration,
                slots: 2 * questions.count,
                capacity: (questions.map(\.prompt.count).max() ?? 0) + longest,
                dtype: decoder.dtype,
                device: decoder.device
            )
            var result = firstTokens(questions, cache)
            for option in 0..<(questions.map(\.completions.count).max() ?? 0) {
                for (place, values) in laterTokens(questions, option, cache) {
                    result[place][option] += values
                }
            }
            return result
        }
    }

    /// Log-probabilities of each reply's first token; fills the cache's first slots.
    private func firstTokens(
        _ questions: [ScoredQuestion],
        _ cache: KeyValueCache?
    ) -> [[[Float]]] {
        let batch = TokenBatch(questions.map(\.prompt))
        let slots = Array(questions.indices)
        let hidden = decoder.hidden(
            batch,
            continuing: cache.map { CachedSequences(cache: $0, slots: slots) }
        )
        let rows = zip(batch.lastRows, questions).flatMap { row, question in
            question.completions.map { _ in row }
        }
        let targets = questions.flatMap { question in question.completions.map { $0[0] } }
        var values = score(hidden, rows, targets)[...]
        return questions.map { question in
            question.completions.map { _ in [values.removeFirst()] }
        }
    }

    /// Log-probabilities of the tokens after the first of one reply of each question, for the
    /// questions where it has more.
    private func laterTokens(
        _ questions: [ScoredQuestion],
        _ option: Int,
        _ cache: KeyValueCache
    ) -> [(place: Int, values: [Float])] {
        let places = questions.indices.filter { place in
            let replies = questions[place].completions
            return option < replies.count && replies[option].count > 1
        }
        if places.isEmpty { return [] }
        for place in places { cache.copy(from: place, to: [questions.count + place]) }
        let replies = places.map { questions[$0].completions[option] }
        let starts = places.map { questions[$0].prompt.count }
        let batch = TokenBatch(
            tokens: replies.flatMap { $0.dropLast() },
            positions: zip(starts, replies).flatMap { start, reply in
                (start..<(start + reply.count - 1))
            },
            lengths: replies.map { $0.count - 1 }
        )
        let slots = places.map { questions.count + $0 }
        let hidden = decoder.hidden(
            batch,
            continuing: CachedSequences(cache: cache, slots: slots)
        )
        let targets = replies.flatMap { $0.dropFirst() }
        var values = score(hidden, Array(targets.indices), targets)[...]
        return zip(places, replies).map { place, reply in
            let own = values.prefix(reply.count - 1)
            values = values.dropFirst(reply.count - 1)
            return (place, Array(own))
        }
    }

    private func score(_ hidden: Tensor, _ rows: [Int], _ targets: [Int32]) -> [Float] {
        let chosen = hidden.indexSelect(0, Tensor(rows.map(Int64.init)).to(decoder.device))
        let scores = TokenScores(
            hidden: chosen,
            targets: Tensor(targets.map(Int64.init)).to(decoder.device),
            weight: decoder.outputWeight
        )
        return scores.logProbabilities.values(Float.self)
    }
}
