import Datasets

extension TrainingData where Example == TokenizedExample {
    /// How often each record is drawn so that of records which ask the same words (whatever their
    /// images) every answer comes equally often. Questions that are asked once are not touched.
    var balancedSampling: RecordSampling {
        RecordSampling(files: sources, weights: fileWeights, kinds: training.map(\.kind))
    }
}

extension TokenizedExample {
    /// What is asked and what is answered, in tokens; images are none of it.
    fileprivate var kind: (question: [Int32], answer: [Int32]) {
        let seen = Set(images.flatMap { $0.start..<($0.start + $0.grid.count) })
        var (asked, answered): ([Int32], [Int32]) = ([], [])
        for (place, token) in tokenIDs.enumerated() where !seen.contains(place) {
            if labels[place] { answered.append(token) } else { asked.append(token) }
        }
        return (asked, answered)
    }
}
