import CTorch

/// Whether operators record what gradients need.
public var gradientsAreRecorded: Bool { ct_grad_enabled() }

/// Runs `body` with gradient recording switched off.
public func withoutGradients<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    try withGradients(false, body)
}

/// Runs `body` with gradient recording switched on.
public func withGradients<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    try withGradients(true, body)
}

private func withGradients<Result, Failure: Error>(
    _ enabled: Bool, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let before = ct_grad_enabled()
    ct_set_grad_enabled(enabled)
    defer { ct_set_grad_enabled(before) }
    return try body()
}

/// Runs `body` in inference mode: cheaper than no gradients, and what it makes can never join a
/// graph.
public func withInference<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    let guardHandle = ct_inference_enter()
    defer { ct_inference_leave(guardHandle) }
    return try body()
}

extension Tensor {
    /// Accumulates d self / d leaf into the `grad` of every leaf.
    ///
    /// - Parameter gradient: d loss / d self; nil when self is a scalar.
    public func backward(gradient: Tensor? = nil) {
        if ct_backward(handle, gradient?.handle) != 0 { Runtime.fail("backward of \(self)") }
    }

    /// Gradients of the scalar self, one for each input; nil where an input is not used.
    public func gradients(for inputs: [Tensor]) -> [Tensor?] {
        var results = [CTTensor?](repeating: nil, count: inputs.count)
        let handles = inputs.map { Optional($0.handle) }
        var output: CTTensor? = handle
        let status = ct_gradients(&output, nil, 1, handles, handles.count, &results)
        if status != 0 { Runtime.fail("gradients of \(self)") }
        return results.map { $0.map(Tensor.init(owned:)) }
    }
}
