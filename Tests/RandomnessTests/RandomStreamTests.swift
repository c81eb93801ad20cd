import Foundation
import Randomness
import Testing

struct RandomStreamTests {
    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The first outputs for seed 1234567, as published with the reference implementation
    /// (Vigna's splitmix64.c).
    private static let reference: [UInt64] = [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]

    /// The reference's n-th output mixes state + n * gamma.
    @Test func mixIsTheReferenceOutputFunction() {
        for (index, expected) in Self.reference.enumerated() {
            let state = 1_234_567 &+ UInt64(index + 1) &* Self.gamma
            #expect(RandomStream.mix(state) == expected)
        }
        #expect(RandomStream.mix(0) == 0)
    }

    /// mix(0) is 0 and so is mix(key + gamma) for key = -gamma: such a stream starts at state 0,
    /// for which the reference's first output is 16294208416658607535.
    @Test func streamAdvancesAsTheReference() {
        var stream = RandomStream(seed: 0, key: 0 &- Self.gamma)
        #expect(stream.next() == 16_294_208_416_658_607_535)
        for count in 2...5 {
            #expect(stream.next() == RandomStream.mix(UInt64(count) &* Self.gamma))
        }
    }

    /// Computed apart, in Python's integers, from the published constants.
    @Test func knownDrawsBySeedAndKey() {
        var first = RandomStream(seed: 42)
        #expect(
            (0..<3).map { _ in first.next() } == [
                14_391_204_954_602_457_498, 2_107_410_080_952_646_123, 12_244_186_810_395_307_756,
            ]
        )
        var second = RandomStream(seed: 42, key: 7)
        #expect(
            (0..<3).map { _ in second.next() } == [
                13_955_127_094_714_233_863, 10_303_229_385_446_554_104, 18_123_245_730_454_319_820,
            ]
        )
    }

    @Test func streamsDifferByKeyAndSeed() {
        let firsts = (0..<100 as Range<UInt64>).flatMap { seed in
            (0..<100 as Range<UInt64>).map { key in
                var stream = RandomStream(seed: seed, key: key)
                return stream.next()
            }
        }
        #expect(Set(firsts).count == 10_000)
    }

    @Test func copiesContinueAlike() {
        var stream = RandomStream(seed: 3)
        _ = stream.next()
        var copy = stream
        #expect(copy.next() == stream.next())
    }

    /// 10,000 draws: the mean of all is 1/2 within five standard errors, sqrt(1/12/10000) = 0.0029
    /// each, and each is a multiple of 2^-53 in [0, 1).
    @Test func uniformIsBelowOne() {
        var stream = RandomStream(seed: 5)
        let draws = (0..<10_000).map { _ in stream.uniform() }
        #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 && ($0 * 0x1p53).rounded() == $0 * 0x1p53 })
        #expect(abs(draws.reduce(0, +) / 10_000 - 0.5) < 0.0145)
        #expect((draws.min() ?? 1) < 0.001 && (draws.max() ?? 0) > 0.999)
    }

    /// 7 kinds, 70,000 draws: chi-square with 6 degrees of freedom is below 27.9 but for one seed
    /// in ten thousand.
    @Test func drawsBelowABoundAreEven() {
        var stream = RandomStream(seed: 11)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[stream.next(below: 7)] += 1 }
        let statistic = counts.reduce(0) { $0 + pow(Double($1) - 10_000, 2) / 10_000 }
        #expect(statistic < 27.9)
        #expect((0..<100).allSatisfy { _ in stream.next(below: 1) == 0 })
    }

    /// A bound of 3/8 of 2^64: without rejection 8 draws would fall on 3 neighbours as 3, 3 and 2.
    @Test func hugeBoundsHaveNoBias() {
        let bound = 3 << 61
        var stream = RandomStream(seed: 13)
        let draws = (0..<30_000).map { _ in stream.next(below: bound) }
        #expect(draws.allSatisfy { (0..<bound).contains($0) })
        // Numbers of each residue modulo 3: 10,000 on average, standard deviation 82.
        let counts = draws.reduce(into: [0, 0, 0]) { $0[$1 % 3] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 410 })
    }

    @Test func shuffleIsAPermutation() {
        var stream = RandomStream(seed: 17)
        var elements = Array(0..<1000)
        stream.shuffle(&elements)
        #expect(elements != Array(0..<1000) && elements.sorted() == Array(0..<1000))
        var (none, one): ([Int], [Int]) = ([], [1])
        stream.shuffle(&none)
        stream.shuffle(&one)
        #expect(none.isEmpty && one == [1])
    }

    /// All 24 orders of four, 24,000 shuffles: chi-square with 23 degrees of freedom is below 58.6
    /// but for one seed in sixteen thousand.
    @Test func everyOrderIsAsLikely() {
        var stream = RandomStream(seed: 19)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 {
            var elements = [0, 1, 2, 3]
            stream.shuffle(&elements)
            counts[elements, default: 0] += 1
        }
        #expect(counts.count == 24)
        #expect(counts.values.reduce(0) { $0 + pow(Double($1) - 1000, 2) / 1000 } < 58.6)
    }
}
