import Torch

/// Largest |a - b|; infinite where the shapes differ or a difference is no number.
public func distance(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.values(Double.self), b.values(Double.self)).reduce(0) { largest, pair in
        let difference = pair.0 == pair.1 ? 0 : abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

/// Largest |a - b| as a share of the largest |b|.
public func relativeDistance(_ a: Tensor, _ b: Tensor) -> Double {
    let largest = b.values(Double.self).map(abs).max() ?? 0
    let difference = distance(a, b)
    return difference == 0 ? 0 : difference / largest
}

/// Largest |a - b| for b given by its elements in row-major order.
public func distance(_ a: Tensor, _ values: [Double]) -> Double {
    distance(a, Tensor(values, shape: a.count == values.count ? a.shape : [values.count]))
}

extension Tensor {
    /// The same dtype, sizes and bits.
    public func isIdentical(to other: Tensor) -> Bool {
        guard dtype == other.dtype, shape == other.shape else { return false }
        return withContiguousBytes(Array.init) == other.withContiguousBytes(Array.init)
    }

    /// An f32 tensor of two dimensions.
    public convenience init(rows: [[Float]]) {
        self.init(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
    }
}
