extension Tensor {
    /// The same memory under other sizes; -1 stands for the one that follows from the rest.
    public func view(_ shape: Int...) -> Tensor { Operators.view(.tensor(self), .ints(shape)) }

    /// The same elements under other sizes, copied when they must be.
    public func reshape(_ shape: [Int]) -> Tensor { Operators.reshape(.tensor(self), .ints(shape)) }

    /// Two dimensions exchanged, as a view.
    public func transpose(_ a: Int, _ b: Int) -> Tensor {
        Operators.transpose(.tensor(self), .int(a), .int(b))
    }

    /// All dimensions in another order, as a view.
    public func permute(_ order: Int...) -> Tensor {
        Operators.permute(.tensor(self), .ints(order))
    }

    /// Dimensions of size 1 repeated without copying; -1 keeps a size.
    public func expand(_ shape: Int...) -> Tensor { Operators.expand(.tensor(self), .ints(shape)) }

    /// Every slice along a dimension `repeats` times in a row: a, a, b, b, ...
    public func repeatInterleave(_ repeats: Int, dim: Int) -> Tensor {
        Operators.repeatInterleave(.tensor(self), .int(repeats), .int(dim))
    }

    /// A new dimension of size 1.
    public func unsqueeze(_ dim: Int) -> Tensor { Operators.unsqueeze(.tensor(self), .int(dim)) }

    /// Without a dimension of size 1.
    public func squeeze(_ dim: Int) -> Tensor { Operators.squeeze(.tensor(self), .int(dim)) }

    /// Row-major in memory; self when it already is.
    public func contiguous() -> Tensor { isContiguous ? self : Operators.contiguous(.tensor(self)) }

    /// Joined along an existing dimension.
    public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        Operators.cat(.tensors(tensors), .int(dim))
    }

    /// Joined along a new dimension.
    public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        Operators.stack(.tensors(tensors), .int(dim))
    }

    /// Pieces of the given sizes along a dimension, as views.
    public func split(_ sizes: [Int], dim: Int) -> [Tensor] {
        Operators.split.all(.tensor(self), .ints(sizes), .int(dim))
    }

    /// The same values outside any graph.
    public func detached() -> Tensor { Operators.detach(.tensor(self)) }
}
