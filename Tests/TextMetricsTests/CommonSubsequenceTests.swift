import Testing

@testable import TextMetrics

struct CommonSubsequenceTests {
    /// Against the plain dynamic program, across the borders of 64 rows.
    @Test(arguments: [1, 2, 5, 63, 64, 65, 128, 150])
    func agreesWithTheTable(count: Int) {
        var state: UInt64 = 7
        func draw(_ count: Int) -> [Int32] {
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int32(state >> 61)
            }
        }
        for other in [0, 1, 40, 130] {
            let (first, second) = (draw(count), draw(other))
            let subsequence = CommonSubsequence(of: first)
            #expect(subsequence.length(with: second) == length(first, second))
            let positions = subsequence.positions(with: second)
            #expect(positions.count == length(first, second))
            #expect(isSubsequence(positions.reversed().map { first[$0] }, of: second))
        }
    }

    private func length(_ first: [Int32], _ second: [Int32]) -> Int {
        var row = Array(repeating: 0, count: second.count + 1)
        for element in first {
            var diagonal = 0
            for index in second.indices {
                let above = row[index + 1]
                row[index + 1] = element == second[index] ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[second.count]
    }

    private func isSubsequence(_ part: [Int32], of whole: [Int32]) -> Bool {
        var rest = part[...]
        for element in whole where element == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }
}
