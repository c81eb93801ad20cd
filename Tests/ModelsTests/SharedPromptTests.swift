import Checkpoints
import FileFormats
import Models
import Objectives
import Testing
import Torch
import TorchTestSupport

/// A prompt computed once for all its completions, against a copy of it before each.
struct SharedPromptTests {
    static let prompts: [[Int32]] = [(0..<70).map { $0 * 7 % 250 }, [3, 1]]
    static let completions: [[[Int32]]] = [
        [[5, 6, 7], [8], Array(20..<90), [9, 9]], [[11, 12, 13, 14]],
    ]
    static let targets = completions.joined().joined().map(Int64.init)

    /// Hidden states of the rows that predict the completions' tokens, one completion after
    /// another.
    static func shared(_ decoder: Decoder) -> Tensor {
        var batch = TokenBatch(tokens: [], positions: [], lengths: [])
        var rows: [Int64] = []
        for (prompt, completions) in zip(prompts, completions) {
            let index = batch.lengths.count
            add(prompt, after: 0, prefix: -1, to: &batch)
            let last = batch.tokens.count - 1
            for completion in completions {
                let places = [last] + (0..<(completion.count - 1)).map { batch.tokens.count + $0 }
                rows += places.map(Int64.init)
                add(completion, after: prompt.count, prefix: index, to: &batch)
            }
        }
        return decoder.hidden(batch).indexSelect(0, Tensor(rows))
    }

    private static func add(
        _ tokens: [Int32], after past: Int, prefix: Int, to batch: inout TokenBatch
    ) {
        batch.tokens += tokens
        batch.positions += past..<(past + tokens.count)
        batch.lengths.append(tokens.count)
        batch.prefixes.append(prefix)
    }

    /// The same from prompt and completion in one piece.
    static func unshared(_ decoder: Decoder) -> Tensor {
        var (sequences, rows) = ([[Int32]](), [Int64]())
        for (prompt, completions) in zip(prompts, completions) {
            for completion in completions {
                let last = Int64(sequences.joined().count + prompt.count - 1)
                rows += last..<(last + Int64(completion.count))
                sequences.append(prompt + completion)
            }
        }
        return decoder.hidden(TokenBatch(sequences)).indexSelect(0, Tensor(rows))
    }

    /// The tiny model with its weights cut into heads of 16, which the kernels take, or of 8.
    private func decoder(_ dtype: DType, headSize: Int) throws -> Decoder {
        let base = try ModelFixture("tiny-llama")
        var configuration = try DecoderConfiguration(
            huggingFace: base.folder.appending(path: "config.json")
        )
        configuration.heads = 32 / headSize
        configuration.keyValueHeads = 16 / headSize
        configuration.headSize = headSize
        let weights = try SafetensorsWeights(url: base.folder)
        let decoder = try Decoder(
            configuration,
            WeightPath(weights, dtype: dtype, device: .cpu)
        )
        let (settings, modules, _, _) = try AdapterFiles.read(try ModelFixture("tiny-lora").folder)
        try decoder.attachAdapters(settings, modules)
        return decoder
    }

    /// log p of the completions' tokens and the gradients of a weighted sum of them.
    private func run(_ states: (Decoder) -> Tensor, _ decoder: Decoder) throws -> (Tensor, [Tensor])
    {
        for module in decoder.adapterModules() { (module.a.grad, module.b.grad) = (nil, nil) }
        let scores = TokenScores(
            hidden: states(decoder),
            targets: Tensor(Self.targets),
            weight: decoder.outputWeight
        )
        let weights = Tensor.randn([Self.targets.count], generator: Generator(seed: 5))
        (scores.logProbabilities * weights).sum().backward()
        let gradients = try decoder.adapterModules().flatMap {
            [try #require($0.a.grad), try #require($0.b.grad)]
        }
        return (scores.logProbabilities.detached(), gradients)
    }

    /// bf16: the gradient of a prompt's row is rounded once for all completions, or for each.
    @Test(arguments: [(DType.float32, 1e-5), (.bfloat16, 1.0 / 32)], [false, true])
    func isTheSameAsACopyForEach(precision: (DType, Double), recomputing: Bool) throws {
        let decoder = try decoder(precision.0, headSize: 16)
        decoder.recomputesActivations = recomputing
        let (values, gradients) = try run(Self.shared, decoder)
        let (expected, expectedGradients) = try run(Self.unshared, decoder)
        #expect(values.isIdentical(to: expected))
        for (found, wanted) in zip(gradients, expectedGradients) {
            #expect(relativeDistance(found, wanted) <= precision.1)
        }
    }

    /// Heads that no kernel takes go through libtorch's operators.
    @Test func withoutKernels() throws {
        let decoder = try decoder(.float32, headSize: 8)
        let (values, gradients) = try run(Self.shared, decoder)
        let (expected, expectedGradients) = try run(Self.unshared, decoder)
        #expect(distance(values, expected) <= 1e-4)
        for (found, wanted) in zip(gradients, expectedGradients) {
            #expect(relativeDistance(found, wanted) <= 1e-4)
        }
    }
}
