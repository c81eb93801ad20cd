import CTorch

// The one place where tensors and Swift memory meet.

extension Tensor {
    /// A CPU tensor that copies `values`.
    ///
    /// - Parameter shape: sizes; nil means one dimension. Its product must be the number of values.
    public convenience init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) {
        self.init(uninitialized: shape ?? [values.count], Element.self) { buffer in
            precondition(buffer.count == values.count, "\(values.count) values for \(shape ?? [])")
            _ = buffer.initialize(from: values)
        }
    }

    /// A CPU tensor of one value and no dimension.
    public convenience init<Element: TensorElement>(scalar value: Element) {
        self.init([value], shape: [])
    }

    /// A CPU tensor whose elements `fill` writes.
    public convenience init<Element: TensorElement>(
        uninitialized shape: [Int], _: Element.Type,
        fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows {
        try self.init(uninitialized: shape, dtype: Element.dtype) { bytes in
            try fill(bytes.bindMemory(to: Element.self))
        }
    }

    /// A CPU tensor of any dtype whose bytes `fill` writes.
    public convenience init(
        uninitialized shape: [Int], dtype: DType,
        fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows {
        let sizes = shape.map(Int64.init)
        guard let handle = ct_tensor_empty(sizes, sizes.count, dtype.rawValue) else {
            Runtime.fail("empty(\(shape), \(dtype))")
        }
        self.init(owned: handle)
        try fill(
            UnsafeMutableRawBufferPointer(
                start: ct_tensor_data(handle), count: Int(ct_tensor_byte_count(handle))))
    }

    /// Lets `body` write the elements of a contiguous CPU tensor.
    ///
    /// - Parameter type: a type of the same size as the tensor's elements.
    public func fillMemory<Element: BitwiseCopyable, Failure: Error>(
        as type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(
            device == .cpu && isContiguous && MemoryLayout<Element>.stride == dtype.byteCount,
            "fill \(self) as \(type)")
        try body(
            UnsafeMutableRawBufferPointer(start: ct_tensor_data(handle), count: byteCount)
                .bindMemory(to: type))
    }

    /// A CPU tensor over memory that `owner` keeps alive; written only if the tensor is.
    ///
    /// - Parameter bytes: at least as many as `shape` and `dtype` need, aligned for `dtype`.
    public convenience init(
        borrowing bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, owner: AnyObject
    ) {
        let needed = shape.reduce(dtype.byteCount, *)
        precondition(bytes.count >= needed, "\(bytes.count) bytes for \(shape) of \(dtype)")
        let sizes = shape.map(Int64.init)
        let context = Unmanaged.passRetained(owner).toOpaque()
        let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
            if let context { Unmanaged<AnyObject>.fromOpaque(context).release() }
        }
        guard
            let handle = ct_tensor_from_memory(
                UnsafeMutableRawPointer(mutating: bytes.baseAddress), sizes, sizes.count,
                dtype.rawValue, release, context)
        else { Runtime.fail("from_blob(\(shape), \(dtype))") }
        self.init(owned: handle)
    }

    /// A copy of its elements in row-major order.
    ///
    /// - Parameter type: the element to convert to.
    public func values<Element: TensorElement>(_ type: Element.Type) -> [Element] {
        withBytes(of: detached().to(.cpu).to(Element.dtype).contiguous()) { bytes in
            Array(bytes.bindMemory(to: Element.self))
        }
    }

    /// The only element.
    public func item<Element: TensorElement>(_ type: Element.Type) -> Element {
        let all = values(type)
        precondition(all.count == 1, "item of \(self)")
        return all[0]
    }

    /// Its elements' bytes in row-major order, in its own dtype, for the time of `body`.
    public func withContiguousBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withBytes(of: detached().to(.cpu).contiguous(), body)
    }

    private func withBytes<Result>(
        of tensor: Tensor, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(tensor) {
            try body(
                UnsafeRawBufferPointer(
                    start: ct_tensor_data(tensor.handle), count: tensor.byteCount))
        }
    }
}
