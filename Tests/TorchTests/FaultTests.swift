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

    /// Lengths 1, 1, 1; each list breaks one rule of the prefixes.
    @Test func prefixesAreEarlierAndHaveNone() async throws {
        await #expect(processExitsWith: .failure) { attend(prefixes: [-1, -1]) }
        await #expect(processExitsWith: .failure) { attend(prefixes: [-1, 1, -1]) }
        await #expect(processExitsWith: .failure) { attend(prefixes: [1, -1, -1]) }
        await #expect(processExitsWith: .failure) { attend(prefixes: [-1, -2, -1]) }
        let chain = await #expect(
            processExitsWith: .failure,
            observing: [\.standardErrorContent]
        ) { attend(prefixes: [-1, 0, 1]) }
        let message = String(decoding: try #require(chain).standardErrorContent, as: UTF8.self)
        #expect(message.contains("sequence 2 cannot continue 1, which continues 0"))
        await #expect(processExitsWith: .success) { attend(prefixes: [-1, 0, 0]) }
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

private func attend(prefixes: [Int]) {
    _ = Tensor.zeros([3, 12]).packedAttention(
        lengths: [1, 1, 1],
        prefixes: prefixes,
        heads: 1,
        keyValueHeads: 1,
        scale: 1
    )
}
