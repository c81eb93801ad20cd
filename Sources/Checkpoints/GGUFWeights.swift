import FileFormats
import Foundation
import Torch

/// The weights of a GGUF file, dequantised, under Hugging Face's names and in its layout.
public struct GGUFWeights: WeightSource {
    public let file: GGUF
    public let origin: String
    private let heads: Int
    private let keyValueHeads: Int

    /// - Throws: ``FormatError`` when the file is not of the Llama family.
    public init(_ file: GGUF) throws(FormatError) {
        self.file = file
        origin = file.file.path
        let heads = file.metadata["llama.attention.head_count"]?.integer
        guard file.metadata["general.architecture"]?.string == "llama", let heads, heads > 0 else {
            throw FormatError(
                file: origin, item: "general.architecture",
                reason: "only files of the llama family with a head count are read")
        }
        self.heads = heads
        keyValueHeads = file.metadata["llama.attention.head_count_kv"]?.integer ?? heads
    }

    public func shape(of name: String) -> [Int]? { entry(name)?.shape }

    public func tensor(_ name: String, as dtype: DType) throws(FormatError) -> Tensor {
        guard let entry = entry(name) else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        let tensor = try dequantized(entry, as: dtype)
        if name.contains(".q_proj.") { return try unpermuted(tensor, name, heads: heads) }
        if name.contains(".k_proj.") { return try unpermuted(tensor, name, heads: keyValueHeads) }
        return tensor
    }

    private func entry(_ name: String) -> GGUFTensor? {
        Self.ggufName(of: name).flatMap { file[$0] }
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

    /// llama.cpp stores the rows of q and k, weights and biases, with the halves of each head interleaved
    /// (`LlamaModel.permute` of its converter); this puts them back side by side.
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

    /// `model.layers.3.mlp.up_proj.weight` -> `blk.3.ffn_up.weight`.
    static func ggufName(of name: String) -> String? {
        switch name {
        case "model.embed_tokens.weight": return "token_embd.weight"
        case "model.norm.weight": return "output_norm.weight"
        case "lm_head.weight": return "output.weight"
        default: break
        }
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count >= 5, parts[0] == "model", parts[1] == "layers", let kind = parts.last,
            let module = modules[parts[3..<(parts.count - 1)].joined(separator: ".")]
        else { return nil }
        return "blk.\(parts[2]).\(module).\(kind)"
    }

    private static let modules = [
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
    ]
}
