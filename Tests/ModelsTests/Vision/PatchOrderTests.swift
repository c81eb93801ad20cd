import Records
import Testing

@testable import Models

struct PatchOrderTests {
    /// 3 rows of 5 tokens in windows of 2 x 2; letters are windows:
    ///
    ///     a a b b c        0  1  2  3  4
    ///     a a b b c        5  6  7  8  9
    ///     d d e e f       10 11 12 13 14
    ///
    /// Whole windows first, then the smaller ones.
    @Test func windowsOfOneSizeLieTogether() {
        let order = PatchOrder(ImageGrid(height: 3, width: 5), windowSide: 2)
        #expect(order.windows == [4, 4, 2, 2, 2, 1])
        #expect(
            order.tokens == [
                0, 1, 5, 6, 2, 3, 7, 8,  // a, b
                4, 9, 10, 11, 12, 13, 14,  // c, d, e, f
            ])
        #expect(order.places.map { order.tokens[$0] } == Array(0..<15))
    }

    @Test func oneWindowIsTheOrderOfTheTokens() {
        let order = PatchOrder(ImageGrid(height: 3, width: 5), windowSide: 5)
        #expect(order.tokens == Array(0..<15))
        #expect(order.windows == [15])
    }

    /// A window never spans two frames.
    @Test func frames() {
        let order = PatchOrder(ImageGrid(time: 2, height: 1, width: 2), windowSide: 4)
        #expect(order.tokens == [0, 1, 2, 3])
        #expect(order.windows == [2, 2])
    }
}
