import FileFormats
import Foundation
import Torch

/// The weights of a Hugging Face folder or of one safetensors file.
public struct SafetensorsWeights: WeightSource {
    public let origin: String
    private let collection: SafetensorsCollection

    /// - Throws: ``FormatError`` when a file is missing or damaged.
    public init(url: URL) throws(FormatError) {
        origin = url.path
        collection = try SafetensorsCollection(url: url)
    }

    /// All names, sorted.
    public var names: [String] { collection.names }

    public func shape(of name: String) -> [Int]? { collection[name]?.shape }

    /// The dtype a tensor is stored in.
    ///
    /// - Throws: ``FormatError`` when there is none of that name.
    public func dtype(of name: String) throws(FormatError) -> DType {
        guard let entry = collection[name] else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        return entry.dtype.torch
    }

    public func tensor(_ name: String, as dtype: DType) throws(FormatError) -> Tensor {
        try tensor(name).to(dtype)
    }

    public func copy(_ name: String, into destination: Tensor) throws(FormatError) {
        try copy(name, rows: nil, into: destination)
    }

    /// Copies rows of a tensor straight from the file, without another copy in between.
    ///
    /// - Parameter rows: of its first dimension; nil for all.
    /// - Throws: ``FormatError`` when there is none of that name.
    func copy(_ name: String, rows: Range<Int>?, into destination: Tensor) throws(FormatError) {
        let bytes = try collection.bytes(of: name)
        guard let entry = collection[name], let file = collection.file(of: name) else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        let dtype = entry.dtype.torch
        let isAligned = Int(bitPattern: bytes.baseAddress) % dtype.byteCount == 0
        let stored =
            isAligned
            ? Tensor(borrowing: bytes, shape: entry.shape, dtype: dtype, owner: file)
            : try tensor(name)
        destination.copy_(rows.map { stored.slice(0, $0) } ?? stored)
        Self.release(bytes)
    }

    /// The tensor in the dtype it is stored in.
    ///
    /// - Throws: ``FormatError`` when there is none of that name.
    public func tensor(_ name: String) throws(FormatError) -> Tensor {
        let bytes = try collection.bytes(of: name)
        guard let entry = collection[name] else {
            throw FormatError(file: origin, item: name, reason: "there is no such tensor")
        }
        return Tensor(uninitialized: entry.shape, dtype: entry.dtype.torch) {
            $0.copyMemory(from: bytes)
            Self.release(bytes)
        }
    }

    /// Gives the pages of a copied tensor back: a large model would else be in memory twice until
    /// the system runs short. They come back when they are read again.
    private static func release(_ bytes: UnsafeRawBufferPointer) {
        let page = Int(getpagesize())
        let start = Int(bitPattern: bytes.baseAddress)
        let first = (start + page - 1) / page * page
        let end = (start + bytes.count) / page * page
        guard first < end, let place = UnsafeMutableRawPointer(bitPattern: first) else { return }
        madvise(place, end - first, MADV_DONTNEED)
    }
}

extension SafetensorsDType {
    /// The engine's name for this element type.
    var torch: DType {
        switch self {
        case .bool: .bool
        case .u8: .uint8
        case .i8: .int8
        case .i16: .int16
        case .f16: .float16
        case .bf16: .bfloat16
        case .i32: .int32
        case .f32: .float32
        case .f64: .float64
        case .i64: .int64
        }
    }

    init(_ dtype: DType) {
        switch dtype {
        case .bool: self = .bool
        case .uint8: self = .u8
        case .int8: self = .i8
        case .int16: self = .i16
        case .float16: self = .f16
        case .bfloat16: self = .bf16
        case .int32: self = .i32
        case .float32: self = .f32
        case .float64: self = .f64
        case .int64: self = .i64
        }
    }
}
