extension Tensor {
    /// Rows of self [V, D] for the token ids `ids`.
    public func embedding(_ ids: Tensor) -> Tensor {
        Operators.embedding(.tensor(self), .tensor(ids))
    }

    /// (x - mean x) / sqrt(var x + epsilon) * weight + bias over the last dimension
    /// (arXiv:1607.06450).
    public func layerNorm(_ weight: Tensor, bias: Tensor, epsilon: Double) -> Tensor {
        Operators.layerNorm(
            .tensor(self), .ints([size(-1)]), .tensor(weight), .tensor(bias), .double(epsilon))
    }

    /// x * Phi(x) (arXiv:1606.08415), with Phi by tanh when asked for.
    public func gelu(tanh: Bool = false) -> Tensor {
        Operators.gelu(.tensor(self), .string(tanh ? "tanh" : "none"))
    }

    /// Softmax along a dimension, computed in `dtype` when given.
    public func softmax(_ dim: Int, dtype: DType? = nil) -> Tensor {
        Operators.softmax(.tensor(self), .int(dim), .dtype(dtype))
    }

    /// Log-softmax along a dimension, computed in `dtype` when given.
    public func logSoftmax(_ dim: Int, dtype: DType? = nil) -> Tensor {
        Operators.logSoftmax(.tensor(self), .int(dim), .dtype(dtype))
    }

    /// softmax(q k^T / sqrt(d)) v for q, k, v [B, H, S, d]: every row sees every other.
    public static func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor {
        Operators.fullAttention(.tensor(q), .tensor(k), .tensor(v))
    }

    /// The bicubic resampling of self [B, C, H, W] to [B, C, height, width] with corners of the
    /// pixels, not their centres, aligned (`align_corners=False` of PyTorch).
    ///
    /// - Parameter smooth: widens the kernel when the result is smaller (`antialias`).
    public func resizedBicubic(height: Int, width: Int, smooth: Bool) -> Tensor {
        (smooth ? Operators.smoothBicubic : Operators.bicubic)(
            .tensor(self), .ints([height, width]), .bool(false), .none, .none)
    }
}
