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
        func rows(_ kind: String, _ rest: [Int] = []) throws(FormatError) -> Tensor {
            try weights.load(rows: parts.map { ("\($0.name).\(kind)", $0.outputs) }, rest)
        }
        self.init(
            weight: try rows("weight", [inputs]), bias: bias ? try rows("bias") : nil,
            parts: parts.map { (weights[$0.name].path, $0.outputs) }, state: state)
    }
}
