extension Tensor {
    /// Matrix product over the last two dimensions, batched over the others.
    public func matmul(_ other: Tensor) -> Tensor {
        Operators.matmul(.tensor(self), .tensor(other))
    }

    /// self [..., in] times weight [out, in] transposed, plus bias [out].
    public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        Operators.linear(.tensor(self), .tensor(weight), .optional(bias))
    }

    /// self + alpha * a @ b for matrices, in place.
    @discardableResult
    public func addmm_(_ a: Tensor, _ b: Tensor, alpha: Double = 1) -> Tensor {
        Operators.addmmInPlace(.tensor(self), .tensor(a), .tensor(b), .int(1), .double(alpha))
    }
}
