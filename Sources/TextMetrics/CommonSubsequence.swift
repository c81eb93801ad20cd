/// Longest common subsequences of one sequence with others.
///
/// The dynamic program's table, 64 cells at a time (Hyyrö, 2004, "Bit-parallel LCS-length
/// computation revisited"): in the column of each element of the other sequence, bit i is 0 where
/// the length grows from row i to row i + 1.
struct CommonSubsequence {
    private let sequence: [Int32]
    private let words: Int
    /// Where each element stands, a bit for each position.
    private let masks: [Int32: [UInt64]]

    init(of sequence: [Int32]) {
        self.sequence = sequence
        words = (sequence.count + 63) / 64
        var masks: [Int32: [UInt64]] = [:]
        let empty = [UInt64](repeating: 0, count: words)
        for (index, element) in sequence.enumerated() {
            masks[element, default: empty][index / 64] |= 1 << UInt64(index % 64)
        }
        self.masks = masks
    }

    /// The length of a longest common subsequence.
    func length(with other: [Int32]) -> Int {
        var column = firstColumn
        for element in other { advance(&column, by: element) }
        return column.reduce(0) { $0 + (~$1).nonzeroBitCount }
    }

    /// The positions of a longest common subsequence in the sequence, last one first; of several
    /// the one that rouge-score finds, walking back from the ends of both.
    func positions(with other: [Int32]) -> [Int] {
        let columns = columns(of: other)
        var positions: [Int] = []
        var row = sequence.count - 1
        var index = other.count - 1
        while row >= 0, index >= 0 {
            if sequence[row] == other[index] {
                positions.append(row)
                (row, index) = (row - 1, index - 1)
            } else if columns[index][row / 64] >> UInt64(row % 64) & 1 == 0 {
                index -= 1
            } else {
                row -= 1
            }
        }
        return positions
    }

    private var firstColumn: [UInt64] { Array(repeating: .max, count: words) }

    private func columns(of other: [Int32]) -> [[UInt64]] {
        var column = firstColumn
        return other.map { element in
            advance(&column, by: element)
            return column
        }
    }

    private func advance(_ column: inout [UInt64], by element: Int32) {
        guard let mask = masks[element] else { return }
        var carry: UInt64 = 0
        for word in 0..<words {
            let bits = column[word]
            let (sum, overflow) = bits.addingReportingOverflow(bits & mask[word])
            let (total, second) = sum.addingReportingOverflow(carry)
            carry = overflow || second ? 1 : 0
            column[word] = total | (bits & ~mask[word])
        }
    }
}
