extension Tensor {
    /// Sum of all elements, in `dtype` when given.
    public func sum(dtype: DType? = nil) -> Tensor { Operators.sum(.tensor(self), .dtype(dtype)) }

    /// Sum along a dimension.
    public func sum(_ dim: Int, keepDim: Bool = false) -> Tensor {
        Operators.sumDim(.tensor(self), .ints([dim]), .bool(keepDim))
    }

    /// Mean of all elements.
    public func mean() -> Tensor { Operators.mean(.tensor(self)) }

    /// Mean along a dimension.
    public func mean(_ dim: Int, keepDim: Bool = false) -> Tensor {
        Operators.meanDim(.tensor(self), .ints([dim]), .bool(keepDim))
    }

    /// Largest value along a dimension.
    public func amax(_ dim: Int, keepDim: Bool = false) -> Tensor {
        Operators.amax(.tensor(self), .ints([dim]), .bool(keepDim))
    }

    /// Index of the largest value along a dimension, int64.
    public func argmax(_ dim: Int, keepDim: Bool = false) -> Tensor {
        Operators.argmax(.tensor(self), .int(dim), .bool(keepDim))
    }

    /// log(sum(exp(self))) along a dimension.
    public func logsumexp(_ dim: Int, keepDim: Bool = false) -> Tensor {
        Operators.logsumexp(.tensor(self), .ints([dim]), .bool(keepDim))
    }

    /// Euclidean norm of all elements, accumulated in `dtype` when given.
    public func norm(dtype: DType? = nil) -> Tensor {
        Operators.norm(.tensor(self), .int(2), .none, .bool(false), .dtype(dtype))
    }

    /// Running sums along a dimension.
    public func cumsum(_ dim: Int) -> Tensor { Operators.cumsum(.tensor(self), .int(dim)) }

    /// Whether every element is true.
    public func all() -> Tensor { Operators.allTrue(.tensor(self)) }
}
