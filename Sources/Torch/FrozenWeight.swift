/// The weight of a frozen linear layer, in the form that its products are fastest in.
///
/// On the CPU that is panels, packed once while a model is loaded; elsewhere the matrix itself.
public struct FrozenWeight {
    /// Sizes of the output and of the input.
    public let outputs: Int
    public let inputs: Int
    public let dtype: DType
    /// What kernels take: [out, in], or its panels.
    package let stored: Tensor

    /// - Parameter matrix: [out, in]; kept only where no kernel takes panels of it.
    public init(_ matrix: Tensor) {
        (outputs, inputs, dtype) = (matrix.size(0), matrix.size(1), matrix.dtype)
        stored = matrix.panels() ?? matrix
    }

    /// [out, in]
    public var shape: [Int] { [outputs, inputs] }

    /// The matrix [out, in]; a copy where it lies in panels.
    public var matrix: Tensor { isPacked ? stored.unpackedPanels() : stored }

    /// Rows `ids` [N], as an embedding: [N, in].
    public func rows(_ ids: Tensor) -> Tensor {
        isPacked ? stored.panelRows(ids) : stored.embedding(ids)
    }

    /// x [T, in] -> [T, out]. A row's result does not depend on the other rows, in any bit.
    public func project(_ x: Tensor, bias: Tensor? = nil) -> Tensor {
        x.projected(stored, bias: bias)
    }

    private var isPacked: Bool { stored.shape.count == 3 }
}
