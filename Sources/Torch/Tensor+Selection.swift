extension Tensor {
    /// Elements `range` of a dimension, as a view.
    public func slice(_ dim: Int, _ range: Range<Int>) -> Tensor {
        Operators.slice(
            .tensor(self), .int(dim), .int(range.lowerBound), .int(range.upperBound))
    }

    /// One element of a dimension, which disappears, as a view.
    public func select(_ dim: Int, _ index: Int) -> Tensor {
        Operators.select(.tensor(self), .int(dim), .int(index))
    }

    /// The slices along a dimension that a 1-D integer tensor names.
    public func indexSelect(_ dim: Int, _ index: Tensor) -> Tensor {
        Operators.indexSelect(.tensor(self), .int(dim), .tensor(index))
    }

    /// out[i][j] = self[i][index[i][j]] for dim 1, and so on.
    public func gather(_ dim: Int, _ index: Tensor) -> Tensor {
        Operators.gather(.tensor(self), .int(dim), .tensor(index))
    }

    /// Sorted values and where they came from.
    public func sorted(_ dim: Int, descending: Bool) -> (values: Tensor, indices: Tensor) {
        let pair = Operators.sort.all(.tensor(self), .int(dim), .bool(descending))
        return (pair[0], pair[1])
    }

    /// The k largest values in descending order and their places.
    public func topK(_ k: Int, dim: Int) -> (values: Tensor, indices: Tensor) {
        let pair = Operators.topk.all(.tensor(self), .int(k), .int(dim))
        return (pair[0], pair[1])
    }

    /// self with `source` written at the places `index` names along a dimension.
    public func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        Operators.scatter(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }

    /// self with slice i of `source` added to slice index[i] along a dimension.
    public func indexAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        Operators.indexAdd(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }

    /// self with slice index[i] along a dimension replaced by slice i of `source`. Where an index
    /// stands twice, either slice may win.
    public func indexCopy(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        Operators.indexCopy(.tensor(self), .int(dim), .tensor(index), .tensor(source))
    }
}
