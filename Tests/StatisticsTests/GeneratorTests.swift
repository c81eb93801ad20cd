import Statistics
import Testing

struct GeneratorTests {
    // From a transcription of the authors' C code (prng.di.unimi.it), which gives the published
    // 11520, 0, 1509978240 for the state 1, 2, 3, 4; here the state is SplitMix64's first outputs.
    @Test func sequenceOfASeedIsFixed() {
        var zero = Xoshiro256(seed: 0)
        #expect(
            (0..<3).map { _ in zero.next() } == [
                0x99EC_5F36_CB75_F2B4,
                0xBF6E_1F78_4956_452A,
                0x1A5F_849D_4933_E6E0,
            ]
        )
        var other = Xoshiro256(seed: 0xDEAD_BEEF)
        #expect(
            (0..<3).map { _ in other.next() } == [
                0xC555_5444_A74D_7E83,
                0x65C3_0D37_B4B1_6E38,
                0x54F7_7320_0A4E_FA23,
            ]
        )
    }

    // The mean of 100,000 uniform draws has the standard error sqrt(1/12 / 100,000) = 0.0009.
    @Test func uniformDrawsFillTheUnitInterval() {
        var generator = Xoshiro256(seed: 42)
        let draws = (0..<100_000).map { _ in generator.uniform() }
        #expect(draws.allSatisfy { (0..<1).contains($0) })
        #expect(abs(draws.reduce(0, +) / 100_000 - 0.5) < 0.004)
    }
}
