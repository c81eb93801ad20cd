import Datasets

extension TrainingData where Example == TokenizedExample {
    /// How often each record is drawn so that of records which ask the same words (whatever their
    /// images) every answer comes equally often: as often as the question comes, over the number of
    /// its answers. Questions that are asked once are not touched.
    var balancedSampling: RecordSampling {
        let records = zip(training, sources).map(AskedRecord.init)
        let questions = records.reduce(into: [:]) { $0[$1.question, default: 0] += 1 }
        let files = sources.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        var (places, groups): ([AskedRecord: Int], [AskedRecord]) = ([:], [])
        var answers: [AskedRecord.Question: Int] = [:]
        for record in records where places[record] == nil {
            places[record] = groups.count
            groups.append(record)
            answers[record.question, default: 0] += 1
        }
        let weights = groups.map { group in
            let question = group.question
            let share = Double(questions[question] ?? 0) / Double(files[question.source] ?? 1)
            return fileWeights[question.source] * share / Double(answers[question] ?? 1)
        }
        return RecordSampling(groups: records.compactMap { places[$0] }, weights: weights)
    }
}

/// What a record asks and answers, in tokens; images are none of it.
private struct AskedRecord: Hashable {
    struct Question: Hashable {
        let source: Int
        let tokens: [Int32]
    }

    let question: Question
    let answer: [Int32]

    init(_ example: TokenizedExample, source: Int) {
        let images = Set(example.images.flatMap { $0.start..<($0.start + $0.grid.count) })
        var (asked, answered): ([Int32], [Int32]) = ([], [])
        for (place, token) in example.tokenIDs.enumerated() where !images.contains(place) {
            if example.labels[place] { answered.append(token) } else { asked.append(token) }
        }
        question = Question(source: source, tokens: asked)
        answer = answered
    }
}
