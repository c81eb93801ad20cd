/// The n-grams of a text and of its references, numbered so that equal ones have equal numbers.
struct NGrams {
    private let texts: [[Int32]]
    private var order = 1
    /// For each text, the number of the n-gram at each position; the first text is the hypothesis.
    private(set) var ids: [[Int32]]

    /// The words themselves, order 1.
    init(texts: [[Int32]]) {
        self.texts = texts
        ids = texts
    }

    /// Makes every n-gram a word longer: its number is that of the pair (n-gram, next word).
    mutating func lengthen() {
        order += 1
        var numbers: [UInt64: Int32] = [:]
        for text in texts.indices {
            ids[text] = zip(ids[text], texts[text].dropFirst(order - 1)).map { gram, word in
                let pair = UInt64(UInt32(bitPattern: gram)) << 32 | UInt64(UInt32(bitPattern: word))
                if let number = numbers[pair] { return number }
                let number = Int32(numbers.count)
                numbers[pair] = number
                return number
            }
        }
    }

    /// N-grams of the hypothesis found in a reference, each at most as often as in the reference
    /// that has it most often.
    var matches: Int {
        var left = Array(repeating: 0, count: 1 + Int(ids.joined().max() ?? 0))
        for reference in ids.dropFirst() {
            var counts: [Int32: Int] = [:]
            for gram in reference { counts[gram, default: 0] += 1 }
            for (gram, count) in counts { left[Int(gram)] = max(left[Int(gram)], count) }
        }
        return ids[0].count { gram in
            left[Int(gram)] -= 1
            return left[Int(gram)] >= 0
        }
    }
}
