import FileFormats
import Torch

/// Where a model's weights come from, under the names Hugging Face gives them.
public protocol WeightSource {
    /// Sizes of a tensor; nil when there is none of that name.
    func shape(of name: String) -> [Int]?

    /// The tensor on the CPU in `dtype`.
    ///
    /// - Throws: ``FormatError`` that names file and tensor.
    func tensor(_ name: String, as dtype: DType) throws(FormatError) -> Tensor

    /// Copies a tensor into one of its sizes, of any dtype and on any device.
    ///
    /// - Throws: ``FormatError`` that names file and tensor.
    func copy(_ name: String, into destination: Tensor) throws(FormatError)

    /// The file or folder, for messages.
    var origin: String { get }
}

extension WeightSource {
    public func copy(_ name: String, into destination: Tensor) throws(FormatError) {
        destination.copy_(try tensor(name, as: destination.dtype))
    }
}

/// A place in a source's tree of names, with the dtype and device that weights are wanted in.
public struct WeightPath {
    public let source: any WeightSource
    public let path: String
    public let dtype: DType
    public let device: Device

    public init(_ source: any WeightSource, dtype: DType, device: Device, path: String = "") {
        self.source = source
        self.dtype = dtype
        self.device = device
        self.path = path
    }

    /// The place below this one.
    public subscript(child: String) -> WeightPath {
        WeightPath(
            source, dtype: dtype, device: device, path: path.isEmpty ? child : "\(path).\(child)")
    }

    /// Whether there is a tensor of that name here.
    public func has(_ name: String) -> Bool { source.shape(of: self[name].path) != nil }

    /// The tensor of that name, which must have the given sizes.
    ///
    /// - Throws: ``FormatError`` when it is missing, has other sizes, or is damaged.
    public func load(_ name: String, _ shape: [Int]) throws(FormatError) -> Tensor {
        try check(name, shape)
        let result = memory(shape)
        try source.copy(self[name].path, into: result)
        return result
    }

    /// Tensors of equal sizes but for the first, below each other.
    ///
    /// - Parameters:
    ///   - names: each with its first size.
    ///   - rest: the other sizes.
    /// - Throws: As ``load(_:_:)``.
    public func load(
        rows names: [(name: String, count: Int)], _ rest: [Int] = []
    ) throws(FormatError) -> Tensor {
        for (name, count) in names { try check(name, [count] + rest) }
        let result = memory([names.reduce(0) { $0 + $1.count }] + rest)
        var start = 0
        for (name, count) in names {
            try source.copy(self[name].path, into: result.slice(0, start..<(start + count)))
            start += count
        }
        return result
    }

    private func check(_ name: String, _ shape: [Int]) throws(FormatError) {
        let full = self[name].path
        guard let found = source.shape(of: full) else {
            throw FormatError(file: source.origin, item: full, reason: "there is no such tensor")
        }
        guard found == shape else {
            throw FormatError(
                file: source.origin, item: full,
                reason: "has sizes \(found), but the configuration wants \(shape)")
        }
    }

    /// Where a weight will be; small ones are kept from wasting a page each.
    private func memory(_ shape: [Int]) -> Tensor {
        let isLarge = shape.reduce(dtype.byteCount, *) >= 1 << 18
        return device == .cpu && isLarge
            ? .pages(shape, dtype) : .empty(shape, dtype, on: device)
    }
}
