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

    /// The file or folder, for messages.
    var origin: String { get }
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
        let full = self[name].path
        guard let found = source.shape(of: full) else {
            throw FormatError(file: source.origin, item: full, reason: "there is no such tensor")
        }
        guard found == shape else {
            throw FormatError(
                file: source.origin, item: full,
                reason: "has sizes \(found), but the configuration wants \(shape)")
        }
        return try source.tensor(full, as: dtype).to(device)
    }
}
