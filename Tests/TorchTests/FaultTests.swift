import Testing
import Torch

/// A fault of the program ends it with the operator and its arguments, lack of memory with a hint.
struct FaultTests {
    @Test func wrongShapesNameTheOperator() async throws {
        let result = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { _ = matrix([1, 2]).matmul(matrix([3, 4])) }
        let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(
            message.contains(
                "aten::matmul([Tensor([1, 2], float32, cpu), Tensor([1, 2], float32, cpu)])"
            )
        )
        #expect(message.contains("mat1 and mat2 shapes cannot be multiplied"))
    }

    @Test func kernelsCheckTheirShapes() async throws {
        await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 3]).swiglu() }
        await #expect(processExitsWith: .failure) {
            let angles = Tensor.zeros([2, 2])
            _ = Tensor.zeros([2, 8]).rotary(cosine: angles, sine: angles, heads: 3, size: 4)
        }
        await #expect(processExitsWith: .failure) {
            _ = Tensor.zeros([3, 12]).packedAttention(
                lengths: [4],
                heads: 1,
                keyValueHeads: 1,
                scale: 1
            )
        }
        await #expect(processExitsWith: .failure) {
            let cache = Tensor.zeros([1, 4, 4])
            _ = Tensor.zeros([3, 12]).cachedAttention(
                keys: cache,
                values: cache,
                slots: [0],
                past: [2],
                lengths: [3],
                heads: 1,
                keyValueHeads: 1,
                scale: 1
            )
        }
    }

    @Test func lackOfMemoryIsNoFault() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(71),
            observing: [\.standardErrorContent]
        ) { _ = Tensor.empty([1 << 50]) }
        let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(message.contains("preceptor: out of memory: use fewer tokens a step"))
    }
}
