import Testing

@testable import Evaluation

struct PixelRoundingTests {
    /// 100 + 2.6 is nearest 103, which is 3 away: more than 2/255 allows, so 102. 100 - 1.4 is 99.
    @Test func largestChange() {
        let bytes = PixelRounding.bytes(
            [102.6 / 255, 98.6 / 255, 100.4 / 255], clean: [100, 100, 100], epsilon: 2.0 / 255,
            .linf)
        #expect(bytes == [102, 99, 100])
        #expect(
            PixelRounding.bytes([1.2, -0.1], clean: [254, 1], epsilon: 8 / 255, .linf) == [255, 0])
        // 2.9 allows only 2.
        #expect(PixelRounding.bytes([103 / 255], clean: [100], epsilon: 2.9 / 255, .linf) == [102])
    }

    /// Changes (1.6, 1.6): rounded (2, 2) has the length 2.83. With 3 that is inside; with 2.5 not,
    /// so both go towards the original: (1, 1).
    @Test func length() {
        let found: [Float] = [101.6 / 255, 98.4 / 255]
        #expect(
            PixelRounding.bytes(found, clean: [100, 100], epsilon: 3.0 / 255, .l2) == [102, 98])
        #expect(
            PixelRounding.bytes(found, clean: [100, 100], epsilon: 2.5 / 255, .l2) == [101, 99])
    }
}
