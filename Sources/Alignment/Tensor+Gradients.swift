import Torch

extension Tensor {
    /// Accumulates the gradients of a micro-batch's loss in what is trained.
    ///
    /// A micro-batch may reach nothing of it: one without images, where a projector alone is
    /// trained. libtorch has no backward pass for such a loss; its gradient is nothing.
    func accumulateGradients() {
        if requiresGrad { backward() }
    }
}
