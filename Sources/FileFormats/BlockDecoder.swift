import Dispatch

/// Decodes many blocks of one format, in chunks on all cores.
struct BlockDecoder<Format: BlockFormat, Output: BlockOutput> {
    // The chunks do not overlap, and both buffers outlive the call.
    private nonisolated(unsafe) let source: UnsafeRawPointer
    private nonisolated(unsafe) let destination: UnsafeMutablePointer<Output>
    private let count: Int

    /// Elements of a chunk: long against the cost of starting one, short against a tensor.
    private static var chunkSize: Int { 1 << 16 }

    static func decode(
        _ source: UnsafeRawBufferPointer,
        _ destination: UnsafeMutableBufferPointer<Output>
    ) {
        guard let start = source.baseAddress, let target = destination.baseAddress else { return }
        let decoder = BlockDecoder(source: start, destination: target, count: destination.count)
        let chunks = (destination.count + chunkSize - 1) / chunkSize
        if chunks == 1 { return decoder.decodeChunk(0) }
        DispatchQueue.concurrentPerform(iterations: chunks) { decoder.decodeChunk($0) }
    }

    private func decodeChunk(_ chunk: Int) {
        let first = chunk * Self.chunkSize
        let last = min(first + Self.chunkSize, count)
        for block in first / Format.size..<last / Format.size {
            Format.decode(
                source + block * Format.byteCount,
                into: destination + block * Format.size
            )
        }
        let tail = last % Format.size
        if tail > 0 { decodeTail(block: last / Format.size, elements: tail) }
    }

    /// The last, incomplete group of a plain format.
    private func decodeTail(block: Int, elements: Int) {
        let byteCount = elements * Format.byteCount / Format.size
        withUnsafeTemporaryAllocation(byteCount: Format.byteCount, alignment: 16) { input in
            withUnsafeTemporaryAllocation(of: Output.self, capacity: Format.size) { output in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                input.initializeMemory(as: UInt8.self, repeating: 0)
                from.copyMemory(from: source + block * Format.byteCount, byteCount: byteCount)
                Format.decode(from, into: to)
                (destination + block * Format.size).update(from: to, count: elements)
            }
        }
    }
}
