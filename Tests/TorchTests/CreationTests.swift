import Testing
import Torch
import TorchTestSupport

struct CreationTests {
    init() { startEngine() }

    static let cases: [OperatorCase] = [
        OperatorCase("zeros", [0, 0], shape: [1, 2]) { .zeros([1, 2]) },
        OperatorCase("ones", [1, 1], shape: [2]) { .ones([2]) },
        OperatorCase("full", [2.5, 2.5], shape: [2, 1]) { .full([2, 1], 2.5) },
        OperatorCase("arange", [1, 3, 5]) { .arange(1, 6, step: 2) },
    ]

    @Test(arguments: cases) func values(_ operation: OperatorCase) { operation.check() }

    @Test(arguments: DType.allCases) func dtypes(_ dtype: DType) {
        for tensor in [
            Tensor.zeros([3], dtype), .ones([3], dtype), .full([3], 1, dtype), .empty([3], dtype),
        ] {
            #expect(tensor.dtype == dtype)
            #expect(tensor.byteCount == 3 * dtype.byteCount)
        }
        #expect(vector(1, 0).to(dtype).dtype == dtype)
        #expect(vector(1, 0).to(dtype).values(Float.self) == [1, 0])
    }

    @Test func arangeIsAnInteger() { #expect(Tensor.arange(0, 2).dtype == .int64) }

    @Test func conversionIsFreeWhereNothingChanges() {
        let x = vector(1)
        #expect(x.to(.float32) === x)
        #expect(x.to(.cpu) === x)
    }

    @Test func roundsToTheNearestEven() {
        // bf16 keeps 8 bits: between 1 and 1 + 1/128 lies 1 + 1/256, which goes to the even 1;
        // 1 + 3/256 lies between 1 + 1/128 and 1 + 2/128 and goes to the latter.
        let x = vector(1 + 1 / 256, 1 + 3 / 256).to(.bfloat16)
        #expect(x.values(Float.self) == [1, 1 + 2 / 128])
    }

    @Test func drawsHaveTheirDistributions() {
        let generator = Generator(seed: 3)
        // Standard errors of 40,000 draws: normal mean 0.005, variance 0.007; uniform mean 0.0015;
        // a share of 0.3: 0.0023. The bounds are four of them.
        let normal = Tensor.randn([40_000], generator: generator)
        #expect(abs(normal.mean().item(Double.self)) < 0.02)
        #expect(abs(normal.square().mean().item(Double.self) - 1) < 0.03)
        let uniform = Tensor.rand([200, 200], generator: generator)
        #expect(abs(uniform.mean().item(Double.self) - 0.5) < 0.006)
        #expect(uniform.values(Float.self).allSatisfy { (0..<1).contains($0) })
        let whole = Tensor.randint(-2, 3, [1000], generator: generator)
        #expect(Set(whole.values(Int64.self)) == [-2, -1, 0, 1, 2])
        #expect(whole.dtype == .int64)
        let coins = Tensor.empty([40_000]).bernoulli(0.3, generator: generator)
        #expect(Set(coins.values(Float.self)) == [0, 1])
        #expect(abs(coins.mean().item(Double.self) - 0.3) < 0.01)
    }
}
