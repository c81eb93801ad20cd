import Checkpoints
import FileFormats
import Layers
import Torch

extension Linear {
    /// Loads layers that share an input into one weight.
    convenience init(
        _ weights: WeightPath, parts: [(name: String, outputs: Int)], inputs: Int, bias: Bool,
        state: AdapterState
    ) throws(FormatError) {
        var matrices: [Tensor] = []
        var biases: [Tensor] = []
        for part in parts {
            matrices.append(try weights[part.name].load("weight", [part.outputs, inputs]))
            if bias { biases.append(try weights[part.name].load("bias", [part.outputs])) }
        }
        self.init(
            weight: matrices.count == 1 ? matrices[0] : .cat(matrices),
            bias: bias ? .cat(biases) : nil,
            parts: parts.map { (weights[$0.name].path, $0.outputs) }, state: state)
    }
}
