import Layers
import Testing
import Torch
import TorchTestSupport

struct MergeTests {
    init() { startEngine() }

    @Test(arguments: [DType.float32, .bfloat16])
    func unmergingRestoresEveryBit(dtype: DType) {
        let fixture = LinearFixture(dtype)
        fixture.attach(to: 0)
        fixture.attach(to: 2)
        let weight = fixture.layer.weight.matrix + 0
        let output = fixture.layer(fixture.x)
        for _ in 0..<3 {
            fixture.layer.merge()
            #expect(!fixture.layer.weight.matrix.isIdentical(to: weight))
            fixture.layer.merge()
            fixture.layer.unmerge()
            #expect(fixture.layer.weight.matrix.isIdentical(to: weight))
            fixture.layer.unmerge()
        }
        #expect(fixture.layer(fixture.x).isIdentical(to: output))
    }

    /// In bf16 the merged weight is rounded by up to 2^-9; six products of about 3 each stay
    /// within 2^-5 of the largest output.
    @Test(arguments: [(DType.float32, 1e-5), (.bfloat16, 1.0 / 32)])
    func mergedSaysTheSame(dtype: DType, tolerance: Double) {
        let fixture = LinearFixture(dtype, bias: true)
        fixture.attach(to: 0, rank: 3)
        fixture.attach(to: 1, rank: 1)
        let before = fixture.layer(fixture.x)
        fixture.layer.merge()
        #expect(relativeDistance(fixture.layer(fixture.x), before) < tolerance)
        #expect(fixture.layer.weight.matrix.dtype == dtype)
    }

    @Test func mergedByHand() {
        // [1 2; 3 4] + 2 * [1; 0] [10 20] = [21 42; 3 4]
        let layer = Linear(
            weight: Tensor(rows: [[1, 2], [3, 4]]),
            parts: [("o_proj", 2)],
            state: AdapterState()
        )
        layer.attach(
            LowRankAdapter(
                a: Tensor(rows: [[10, 20]]),
                b: Tensor(rows: [[1], [0]]),
                settings: LowRankSettings(rank: 1, alpha: 2)
            ),
            to: 0
        )
        layer.merge()
        #expect(layer.weight.matrix.values(Float.self) == [21, 42, 3, 4])
        #expect(layer.parts[0].adapters[.default] != nil)
    }

    @Test func disabledWhileMergedIsTheBaseModel() {
        let fixture = LinearFixture()
        fixture.attach(to: 0)
        let plain = fixture.x.linear(fixture.layer.weight.matrix)
        fixture.layer.merge()
        fixture.state.disabled { #expect(distance(fixture.layer(fixture.x), plain) < 1e-6) }
        #expect(distance(fixture.layer(fixture.x), plain) > 0.1)
    }

    @Test func nothingToMerge() {
        let fixture = LinearFixture()
        let weight = fixture.layer.weight.stored
        fixture.layer.merge()
        #expect(fixture.layer.weight.stored === weight)
    }
}
