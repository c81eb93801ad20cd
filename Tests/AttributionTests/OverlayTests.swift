import Images
import Testing
import Torch
import TorchTestSupport

@testable import Attribution

struct OverlayTests {
    init() { startEngine() }

    /// The largest channel of [3, 1, 2]: |-3| over 1 and 2; 0.5 over 0 and -0.25.
    @Test func largestChannel() {
        let map = PixelMap(gradient: [1, 0, -3, 0.5, 2, -0.25], width: 2, height: 1)
        #expect(map.values == [3, 0.5])
    }

    /// A single point of weight 1 spreads and keeps its sum away from borders; a constant stays.
    @Test func smoothing() {
        var values = [Float](repeating: 0, count: 21 * 21)
        values[10 * 21 + 10] = 1
        let map = PixelMap(width: 21, height: 21, values: values).smoothed(1.5)
        #expect(abs(map.values.reduce(0, +) - 1) < 1e-4)
        #expect(map.values[10 * 21 + 10] > map.values[10 * 21 + 11])
        #expect(map.values[10 * 21 + 8] == map.values[8 * 21 + 10])
        let flat = PixelMap(width: 7, height: 3, values: [Float](repeating: 2, count: 21))
        #expect(flat.smoothed(2).values.allSatisfy { abs($0 - 2) < 1e-5 })
        #expect(flat.smoothed(0) == flat)
    }

    /// One pixel of 200 is far above the rest: the 99th percentile, at place 197 of 0...199, is 1.
    @Test func scaling() {
        let values = [Float](repeating: 1, count: 199) + [50]
        #expect(
            PixelMap(width: 200, height: 1, values: values).scaled().values.allSatisfy { $0 == 1 })
        let half = PixelMap(width: 2, height: 1, values: [1, 2]).scaled()
        #expect(half.values == [0.5, 1])
        #expect(PixelMap(width: 2, height: 1, values: [0, 0]).scaled().values == [0, 0])
    }

    /// Two cells over four pixels: middles at 0.5 and 2.5 of 4, so 1, 1.25 * 1 ...: values
    /// 0, 0.25, 0.75, 1.
    @Test func spreading() {
        let map = PixelMap(width: 2, height: 1, values: [0, 1]).resized(width: 4, height: 2)
        #expect(map.values == [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1])
    }

    /// Where nothing stands out the picture is grey; where everything does it is coloured.
    @Test func overlays() {
        let image = RGBImage(width: 2, height: 1, pixels: [200, 0, 0, 200, 0, 0])
        let overlay = Overlay.image(image, PixelMap(width: 2, height: 1, values: [0, 1]))
        // 0.299 * 200 = 59.8.
        #expect(Array(overlay.pixels[..<3]) == [60, 60, 60])
        #expect(overlay.pixels[3] > 190 && overlay.pixels[5] < 120)
    }

    /// One layer of two rows: half of it stays, so [[0.5 + 0.5 * 0.2, 0.5 * 0.8], [0.3, 0.7]]
    /// for the mean [[0.2, 0.8], [0.6, 0.4]] of two heads. Two of them: the product.
    @Test func rollout() {
        let layer = Tensor(
            [0.1, 0.9, 0.6, 0.4, 0.3, 0.7, 0.6, 0.4].map(Float.init), shape: [2, 2, 2])
        let once = AttentionRollout.rollout([layer])
        #expect(distance(once, [0.6, 0.4, 0.3, 0.7]) < 1e-6)
        // Row 0: 0.6 * [0.6, 0.4] + 0.4 * [0.3, 0.7].
        let twice = AttentionRollout.rollout([layer, layer])
        #expect(distance(twice, [0.48, 0.52, 0.39, 0.61]) < 1e-6)
        // With a class token before it, the only patch is column 1: the mean over its one row.
        #expect(abs(AttentionRollout.map([layer], patches: 1)[0] - 0.7) < 1e-6)
    }
}
