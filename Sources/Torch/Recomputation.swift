import CTorch

/// Activation checkpointing: runs `body` without keeping its activations and recomputes them in
/// the backward pass (Chen et al. 2016, arXiv:1604.06174).
///
/// What `body` captures receives its gradients too. With a `generator`, the recomputation draws
/// the same random numbers as the first run.
///
/// - Parameter input: the tensor gradients flow back to.
public func recomputingInBackward(
    _ input: Tensor, generator: Generator? = nil, _ body: @escaping (Tensor) -> Tensor
) -> Tensor {
    if !ct_grad_enabled() { return body(input) }
    let block = RecomputedBlock(body, generator: generator)
    let context = Unmanaged.passRetained(block).toOpaque()
    let result = ct_checkpoint(
        input.handle,
        { context, input, recompute in
            guard let context, let input else { return nil }
            let block = Unmanaged<RecomputedBlock>.fromOpaque(context).takeUnretainedValue()
            return block.run(Tensor(borrowed: input), recompute: recompute).retainedHandle()
        },
        { context in
            if let context { Unmanaged<RecomputedBlock>.fromOpaque(context).release() }
        },
        context)
    guard let result else { Runtime.fail("a recomputed block") }
    return Tensor(owned: result)
}

/// The closure of one block and the random state its first run began with.
private final class RecomputedBlock {
    private let body: (Tensor) -> Tensor
    private let generator: Generator?
    private var state: [UInt8] = []

    init(_ body: @escaping (Tensor) -> Tensor, generator: Generator?) {
        self.body = body
        self.generator = generator
    }

    func run(_ input: Tensor, recompute: Bool) -> Tensor {
        guard let generator else { return body(input) }
        guard recompute else {
            state = generator.state
            return body(input)
        }
        let now = generator.state
        defer { generator.state = now }
        generator.state = state
        return body(input)
    }
}

extension Tensor {
    /// A second owner of a handle that someone else keeps.
    fileprivate convenience init(borrowed handle: CTTensor) {
        self.init(owned: ct_tensor_retain(handle))
    }

    fileprivate func retainedHandle() -> CTTensor { ct_tensor_retain(handle) }
}
