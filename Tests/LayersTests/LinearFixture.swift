import Layers
import Torch

/// A layer with the parts q, k and v of 5, 4 and 3 outputs on 6 inputs.
struct LinearFixture {
    let state = AdapterState()
    let layer: Linear
    let x: Tensor
    private let generator: Generator

    static let outputs = [5, 4, 3]

    init(_ dtype: DType = .float32, bias: Bool = false, rows: Int = 20, seed: UInt64 = 1) {
        generator = Generator(seed: seed)
        layer = Linear(
            weight: Tensor.randn([12, 6], generator: generator).to(dtype),
            bias: bias ? Tensor.randn([12], generator: generator).to(dtype) : nil,
            parts: zip(["a.q_proj", "a.k_proj", "a.v_proj"], Self.outputs).map { ($0, $1) },
            state: state
        )
        x = Tensor.randn([rows, 6], generator: generator).to(dtype)
    }

    /// Puts a random adapter on a part.
    @discardableResult
    func attach(
        to index: Int, rank: Int = 2, alpha: Double = 3, dropout: Double = 0,
        name: AdapterName = .default
    ) -> LowRankAdapter {
        let adapter = LowRankAdapter(
            a: .randn([rank, 6], generator: generator),
            b: .randn([Self.outputs[index], rank], generator: generator),
            settings: LowRankSettings(rank: rank, alpha: alpha, dropout: dropout)
        )
        layer.attach(adapter, to: index, name: name)
        return adapter
    }
}
