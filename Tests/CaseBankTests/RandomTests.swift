import Testing

@testable import CaseBank

@Suite struct RandomTests {
    /// The first outputs for seed 1234567, as published with the reference implementation
    /// (Vigna's splitmix64.c).
    @Test func followsTheReference() {
        var random = SplitMix64(seed: 1_234_567)
        let draws = (0..<5).map { _ in random.next() }
        #expect(
            draws == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    /// 6,000 draws from six: each 1,000 on average, standard deviation sqrt(6000 * 1/6 * 5/6) = 29;
    /// five of them are 145.
    @Test func drawsUniformly() {
        var random = SplitMix64(seed: 1)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<6000 { counts[random.next(below: 6)] += 1 }
        #expect(counts.allSatisfy { (855...1145).contains($0) })
    }

    @Test func shufflesWithoutLoss() {
        var random = SplitMix64(seed: 2)
        let shuffled = random.shuffled(Array(0..<50))
        #expect(shuffled != Array(0..<50))
        #expect(shuffled.sorted() == Array(0..<50))
        #expect(random.shuffled([Int]()).isEmpty)
        #expect(random.pick([Int]()) == nil)
    }

    /// The parts are separated: ["ab", "c"] is not ["a", "bc"].
    @Test func hashesParts() {
        #expect(stableHash(["ab", "c"]) != stableHash(["a", "bc"]))
        #expect(stableHash(["a"]) == stableHash(["a"]))
    }
}
