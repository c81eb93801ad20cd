import CTorch

/// An n-dimensional array of libtorch, with reference semantics as there.
///
/// Operators are methods, split over files by family; each is one line through the dispatcher.
/// A wrong shape or dtype is a fault of the program and traps with the operator and its arguments.
/// Tensors are not sendable: whoever makes them keeps them on one thread or behind one actor.
public final class Tensor {
    let handle: CTTensor

    /// Takes over an owned handle.
    init(owned handle: CTTensor) { self.handle = handle }

    deinit { ct_tensor_release(handle) }

    /// Sizes of the dimensions, outermost first.
    public var shape: [Int] {
        (0..<ct_tensor_dim(handle)).map { Int(ct_tensor_size(handle, $0)) }
    }

    /// Number of dimensions.
    public var dim: Int { Int(ct_tensor_dim(handle)) }

    /// Size of one dimension; negative counts from the last.
    public func size(_ dimension: Int) -> Int {
        Int(ct_tensor_size(handle, Int64(dimension)))
    }

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }

    public var dtype: DType {
        guard let dtype = DType(rawValue: ct_tensor_dtype(handle)) else {
            fatalError("a tensor of an element type Preceptor does not use")
        }
        return dtype
    }

    public var device: Device {
        var type: Int8 = 0
        var index: Int8 = 0
        ct_tensor_device(handle, &type, &index)
        return Device(code: type, index: index)
    }

    public var isContiguous: Bool { ct_tensor_is_contiguous(handle) }

    /// Bytes its elements take.
    public var byteCount: Int { Int(ct_tensor_byte_count(handle)) }

    /// Whether gradients flow to it; settable on leaves.
    public var requiresGrad: Bool {
        get { ct_tensor_requires_grad(handle) }
        set { ct_tensor_set_requires_grad(handle, newValue) }
    }

    /// How often it was changed in place.
    public var version: Int { Int(ct_tensor_version(handle)) }

    /// The accumulated gradient of a leaf.
    public var grad: Tensor? {
        get { ct_tensor_grad(handle).map(Tensor.init(owned:)) }
        set { ct_tensor_set_grad(handle, newValue?.handle) }
    }
}

extension Tensor: CustomStringConvertible {
    public var description: String { "Tensor(\(shape), \(dtype), \(device))" }
}
