import Checkpoints
import Layers
import Torch

extension VisionModel {
    /// What PEFT's `modules_to_save` calls the projector: LLaVA's by its name; of Qwen's merger the
    /// linear layers.
    public var projectorModules: [String] {
        projector == nil ? ["merger.mlp.0", "merger.mlp.2"] : ["multi_modal_projector"]
    }

    /// Makes trainable copies of the whole projector, in f32, that stand in its place while the
    /// adapter of that name is active.
    public func trainProjector(_ name: AdapterName = .default) {
        for linear in linears where projectorModules.contains(where: { linear.isNamed($0) }) {
            linear.trainCopy(name)
        }
    }
}

extension Linear {
    /// Whether its only part is a module of that name, or a part of one.
    fileprivate func isNamed(_ module: String) -> Bool {
        parts.count == 1 && AdapterConfiguration.names(module, above: parts[0].path)
    }
}
