import Foundation

/// A file that is being written, with a buffer for small pieces.
public final class FileSink {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        buffer.reserveCapacity(Self.bufferSize)
    }

    /// Appends bytes to the file.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        if buffer.count + bytes.count > Self.bufferSize { try flush() }
        if bytes.count >= Self.bufferSize {
            try writeThrough(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Appends bytes to the file.
    public func write(_ data: Data) throws(FormatError) {
        try write([UInt8](data))
    }

    /// Appends bytes to the file.
    public func write(_ bytes: [UInt8]) throws(FormatError) {
        try bytes.withUnsafeBufferPointer { (pointer) throws(FormatError) in
            try write(UnsafeRawBufferPointer(pointer))
        }
    }

    /// Appends a text as UTF-8.
    public func write(_ text: String) throws(FormatError) {
        try write(Array(text.utf8))
    }

    func flush() throws(FormatError) {
        try buffer.withUnsafeBufferPointer { (bytes) throws(FormatError) in
            try writeThrough(UnsafeRawBufferPointer(bytes))
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(FormatError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
            if written < 0 && errno == EINTR { continue }
            guard written >= 0 else { throw .system("cannot write", file: path) }
            rest = rest.dropFirst(written)
        }
    }
}
