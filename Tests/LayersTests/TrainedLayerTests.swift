import Layers
import Testing
import Torch
import TorchTestSupport

/// Copies of whole layers, trained in their place.
struct TrainedLayerTests {
    private let state = AdapterState()
    private let layer: Linear
    private let x = Tensor(rows: [[1, 2], [3, 4]])

    init() {
        startEngine()
        layer = Linear(
            weight: Tensor(rows: [[1, 1], [2, 0]]), bias: Tensor([Float]([0, 5])),
            parts: [("a.linear", 2)], state: state)
    }

    /// 1 + 2, 2 + 5; 3 + 4, 6 + 5.
    @Test func startsAsTheLayerItReplaces() {
        #expect(layer(x).values(Float.self) == [3, 7, 7, 11])
        #expect(!layer.isAdapted && layer.copy(.default) == nil)
        layer.trainCopy()
        #expect(layer.isAdapted)
        #expect(layer(x).values(Float.self) == [3, 7, 7, 11])
        #expect(layer.copy(.default)?.tensors.map(\.name) == ["weight", "bias"])
    }

    /// The sum of outputs: the weight's gradient is the sum of the inputs, the bias's their number.
    @Test func isTrainedInItsPlace() throws {
        layer.trainCopy()
        let copy = try #require(layer.copy(.default))
        layer(x).sum().backward()
        #expect(copy.weight.grad?.values(Float.self) == [4, 6, 4, 6])
        #expect(copy.bias?.grad?.values(Float.self) == [2, 2])
        withoutGradients { _ = copy.weight.mul_(2) }
        #expect(layer(x).values(Float.self) == [6, 9, 14, 17])
        #expect(layer.weight.matrix.values(Float.self) == [1, 1, 2, 0])
    }

    /// One for each name; the frozen layer where none is active.
    @Test func goesByItsName() {
        layer.attach(TrainedLayer(weight: .zeros([2, 2]), bias: .ones([2])), name: "critic")
        #expect(layer(x).values(Float.self) == [3, 7, 7, 11])
        state.with("critic") { #expect(layer(x).values(Float.self) == [1, 1, 1, 1]) }
        state.disabled { #expect(layer(x).values(Float.self) == [3, 7, 7, 11]) }
        layer.detach("critic")
        state.with("critic") { #expect(layer(x).values(Float.self) == [3, 7, 7, 11]) }
    }

    @Test func keepsItsElementTypeApart() {
        let half = Linear(
            weight: .ones([3, 2], .bfloat16), parts: [("a", 3)], state: state)
        half.trainCopy()
        #expect(half.copy(.default)?.weight.dtype == .float32)
        #expect(half.copy(.default)?.bias == nil)
        #expect(half(x.to(.bfloat16)).dtype == .bfloat16)
    }
}
