import Checkpoints
import FileFormats
import Foundation
import Models
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// A folder of `Tests/Fixtures/models`, made by `Scripts/reference/models.py`.
struct ModelFixture {
    let folder: URL
    /// What transformers and PEFT computed.
    let expected: SafetensorsWeights

    init(_ name: String) throws {
        startEngine()
        folder = TestFiles.fixtures.appending(path: "models/\(name)")
        expected = try SafetensorsWeights(url: folder.appending(path: "expected.safetensors"))
    }

    func tensor(_ name: String) throws -> Tensor { try expected.tensor(name) }

    func tokens(_ name: String) throws -> [Int32] { try tensor(name).values(Int32.self) }

    /// The rows of a matrix of tokens.
    func sequences(_ name: String) throws -> [[Int32]] {
        let tokens = try tensor(name)
        return (0..<tokens.size(0)).map { tokens.select(0, $0).values(Int32.self) }
    }

    func decoder(_ dtype: DType = .float32) throws -> Decoder {
        let configuration = try DecoderConfiguration(
            huggingFace: folder.appending(path: "config.json")
        )
        let weights = WeightPath(try SafetensorsWeights(url: folder), dtype: dtype, device: .cpu)
        return try Decoder(configuration, weights)
    }

    /// tiny-llama with the adapter of this folder.
    func adaptedDecoder(_ dtype: DType = .float32) throws -> Decoder {
        let decoder = try ModelFixture("tiny-llama").decoder(dtype)
        let (configuration, modules, _, _) = try AdapterFiles.read(folder)
        try decoder.attachAdapters(configuration, modules)
        return decoder
    }
}

extension Decoder {
    /// Logits of every position of sequences side by side, [T, V].
    func logits(of sequences: [[Int32]]) -> Tensor { logits(hidden(TokenBatch(sequences))) }

    /// The `count` most probable tokens after a prompt, each from a cache of the ones before.
    func greedy(_ prompt: [Int32], _ count: Int) -> [Int32] {
        let cache = KeyValueCache(
            configuration,
            slots: 1,
            capacity: prompt.count + count,
            dtype: dtype,
            device: device
        )
        let slot = CachedSequences(cache: cache, slots: [0])
        var (result, next) = ([Int32](), prompt)
        while result.count < count {
            let positions = Array(cache.counts[0]..<(cache.counts[0] + next.count))
            let batch = TokenBatch(tokens: next, positions: positions, lengths: [next.count])
            let states = withInference { hidden(batch, continuing: slot) }
            next = [
                logits(states.slice(0, (next.count - 1)..<next.count)).argmax(-1).item(Int32.self)
            ]
            result += next
        }
        return result
    }
}

/// Log-probabilities of all tokens but the first of each sequence, given those before.
///
/// - Parameter logits: of all sequences side by side, [T, V].
/// - Returns: [sum of n - 1].
func nextTokenLogProbabilities(_ logits: Tensor, _ sequences: [[Int32]]) -> Tensor {
    let rows = logits.logSoftmax(-1).split(sequences.map(\.count), dim: 0)
    return .cat(
        zip(rows, sequences).map { rows, tokens in
            let targets = Tensor(tokens.dropFirst().map(Int64.init)).unsqueeze(1)
            return rows.slice(0, 0..<(tokens.count - 1)).gather(1, targets).squeeze(1)
        }
    )
}
