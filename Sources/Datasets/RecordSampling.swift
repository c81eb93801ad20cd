import Randomness

/// How often each record is drawn: files with a share of every epoch, and within a file questions
/// whose answers come equally often.
///
/// An epoch still has as many places as there are records. A file fills its share of them from its
/// own passes and goes on there in the next epoch. A pass has as many places as the file has
/// records: unless answers are balanced each record once; else each question as often as it is
/// asked, its answers equally often, and no record of an answer twice before all others of that
/// answer have come.
public struct RecordSampling: Sendable, Hashable {
    /// One file: of each question and each of its answers the records.
    fileprivate struct Deck: Sendable, Hashable {
        var questions: [[[Int]]] = []
        var count = 0
    }

    private let decks: [Deck]
    /// Places of each file in an epoch.
    private let counts: [Int]

    /// Records of several files.
    ///
    /// - Parameters:
    ///   - files: the file of each record, counted from 0.
    ///   - weights: of each file, above 0, to any sum; those without a record do not count.
    ///   - kinds: what each record asks and answers, equal where words are; nil where every record
    ///     is drawn alike.
    public init<Words: Hashable>(
        files: [Int], weights: [Double], kinds: [(question: Words, answer: Words)]?
    ) {
        var decks = [Deck](repeating: Deck(), count: weights.count)
        var questions: [Place<Words>: Int] = [:]
        var answers: [Place<[Words]>: Int] = [:]
        for (record, file) in files.enumerated() {
            decks[file].count += 1
            guard let kind = kinds?[record] else {
                if decks[file].questions.isEmpty { decks[file].questions = [[[]]] }
                decks[file].questions[0][0].append(record)
                continue
            }
            let asked = Place(file: file, words: kind.question)
            if questions[asked] == nil {
                questions[asked] = decks[file].questions.count
                decks[file].questions.append([])
            }
            let question = questions[asked] ?? 0
            let answered = Place(file: file, words: [kind.question, kind.answer])
            if answers[answered] == nil {
                answers[answered] = decks[file].questions[question].count
                decks[file].questions[question].append([])
            }
            decks[file].questions[question][answers[answered] ?? 0].append(record)
        }
        self.decks = decks
        counts = Self.apportioned(
            files.count, by: zip(decks, weights).map { $0.count == 0 ? 0 : $1 })
    }

    /// Records of several files, each drawn as often as the others of its file.
    public init(files: [Int], weights: [Double]) {
        self.init(files: files, weights: weights, kinds: [(question: Int, answer: Int)]?.none)
    }

    private struct Place<Words: Hashable>: Hashable {
        let file: Int
        let words: Words
    }

    /// Records of an epoch in a random order, as many as there are records.
    func order(ofEpoch epoch: Int, seed: UInt64, _ random: inout RandomStream) -> [Int] {
        var order: [Int] = []
        for (number, (deck, count)) in zip(decks, counts).enumerated() where count > 0 {
            let places = (epoch * count)..<((epoch + 1) * count)
            for pass in (places.lowerBound / deck.count)...((places.upperBound - 1) / deck.count) {
                let own = deck.pass(pass, RandomStream.mix(seed &+ UInt64(number) &+ 1))
                let start = pass * deck.count
                let part = places.clamped(to: start..<(start + deck.count))
                order += own[(part.lowerBound - start)..<(part.upperBound - start)]
            }
        }
        random.shuffle(&order)
        return order
    }

    /// Whole numbers that add up to the total, as near to the weights as they can be (largest
    /// remainders); every file with a weight has one at least, as far as the total reaches.
    private static func apportioned(_ total: Int, by weights: [Double]) -> [Int] {
        let sum = weights.reduce(0, +)
        let exact = weights.map { sum > 0 ? Double(total) * $0 / sum : 0 }
        var counts = exact.map { max(Int($0), $0 > 0 ? 1 : 0) }
        let order = weights.indices.filter { weights[$0] > 0 }
            .sorted { (exact[$1] - Double(counts[$1]), $0) < (exact[$0] - Double(counts[$0]), $1) }
        var rest = total - counts.reduce(0, +)
        for file in order where rest > 0 {
            counts[file] += 1
            rest -= 1
        }
        while rest < 0, let largest = counts.indices.max(by: { counts[$0] < counts[$1] }) {
            counts[largest] -= 1
            rest += 1
        }
        return counts
    }
}

extension RecordSampling.Deck {
    /// The records of a pass over the file, shuffled.
    fileprivate func pass(_ number: Int, _ seed: UInt64) -> [Int] {
        var records: [Int] = []
        for (question, answers) in questions.enumerated() {
            let asked = answers.reduce(0) { $0 + $1.count }
            let (each, rest) = asked.quotientAndRemainder(dividingBy: answers.count)
            for (place, own) in answers.enumerated() {
                // What does not divide goes to other answers each time.
                func isLarger(_ pass: Int) -> Bool { (place + pass) % answers.count < rest }
                let before = each * number + (0..<number).count { isLarger($0) }
                let count = each + (isLarger(number) ? 1 : 0)
                let key = UInt64(question) << 32 | UInt64(place) << 24
                records += Self.drawn(own, before..<(before + count), seed, key)
            }
        }
        var stream = RandomStream(seed: seed, key: UInt64(number) | 1 << 63)
        stream.shuffle(&records)
        return records
    }

    /// Places of an endless row in which all records of an answer come, shuffled, again and again.
    private static func drawn(
        _ records: [Int], _ places: Range<Int>, _ seed: UInt64, _ key: UInt64
    ) -> [Int] {
        var (turn, shuffled, result) = (-1, records, [Int]())
        for place in places {
            if place / records.count != turn {
                turn = place / records.count
                shuffled = records
                var stream = RandomStream(seed: seed &+ UInt64(turn), key: key)
                stream.shuffle(&shuffled)
            }
            result.append(shuffled[place % records.count])
        }
        return result
    }
}
