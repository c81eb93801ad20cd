import FileFormats
import Foundation
import Torch

/// The weights of a GGUF file, dequantised, under Hugging Face's names and in its layout.
public struct GGUFWeights: WeightSource {
    /// What llama.cpp's converter does to some weights of a family, and this takes back.
    public struct Conversion: Sendable {
        /// Heads of q and of k whose rows, weights and biases, have their halves interleaved
        /// (`LlamaModel.permute` of the converter); nil where they stand side by side.
        public var interleavedHeads: (query: Int, key: Int)?
        /// What has been added to the weights of norms.
        public var normOffset = 0.0

        public init() {}
    }

    public let origin: String
    private let file: GGUF
    private let names: DecoderNames
    private let conversion: Conversion
    /// By Hugging Face's names.
    private let tensors: [String: GGUFTensor]

    public init(_ file: GGUF, _ names: DecoderNames, _ conversion: Conversion = Conversion()) {
        self.file = file
        self.names = names
        self.conversion = conversion
        origin = file.file.path
        let named = file.tensors.compactMap { tensor in
            names.huggingFace(of: tensor.name).map { ($0, tensor) }
        }
        tensors = Dictionary(named) { first, _ in first }
    }

    public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

    public func tensor(_ name: String, as dtype: DType) throws(FormatError) -> Tensor {
        guard let tensor = tensors[name] else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        let module = names.module(ofHuggingFace: name)
        if let module, module.isNorm, conversion.normOffset != 0 {
            return (try dequantized(tensor, as: .float32) - conversion.normOffset).to(dtype)
        }
        let values = try dequantized(tensor, as: dtype)
        switch (module, conversion.interleavedHeads) {
        case (.query, let heads?): return try unpermuted(values, name, heads: heads.query)
        case (.key, let heads?): return try unpermuted(values, name, heads: heads.key)
        default: return values
        }
    }

    private func dequantized(_ entry: GGUFTensor, as dtype: DType) throws(FormatError) -> Tensor {
        if dtype != .bfloat16 {
            let values = Tensor.empty(entry.shape, .float32)
            try values.fillMemory(as: Float.self) { buffer throws(FormatError) in
                try file.dequantize(entry, into: buffer)
            }
            return values.to(dtype)
        }
        let values = Tensor.empty(entry.shape, .bfloat16)
        try values.fillMemory(as: UInt16.self) { buffer throws(FormatError) in
            try file.dequantize(entry, into: buffer)
        }
        return values
    }

    /// The halves of each head side by side again.
    private func unpermuted(
        _ weight: Tensor, _ name: String, heads: Int
    ) throws(FormatError) -> Tensor {
        let rows = weight.shape.first ?? 0
        guard heads > 0, rows % heads == 0, rows / heads % 2 == 0 else {
            throw FormatError(
                file: origin, item: name, reason: "\(rows) rows do not make \(heads) heads")
        }
        return weight.view(heads, rows / heads / 2, 2, -1).transpose(1, 2).reshape(weight.shape)
    }
}
