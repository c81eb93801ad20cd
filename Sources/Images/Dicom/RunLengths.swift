/// RLE of DICOM (PS3.5 annex G): PackBits, a segment for each byte of each sample.
enum RunLengths {
    /// Values [H, W, samples] of a frame.
    static func decode(_ stream: [UInt8], _ image: DicomImage) throws(ImageProblem) -> [UInt16] {
        let reader = ByteReader(bytes: stream)
        let perSample = image.bitsAllocated / 8
        let segments = image.samples * perSample
        guard let count = reader.u32(0), stream.count >= 64 else {
            throw .truncated("the RLE header does not end")
        }
        guard count == segments else { throw .corrupt("\(count) RLE segments, not \(segments)") }
        let starts = (0..<segments).compactMap { reader.u32(4 + 4 * $0) } + [stream.count]
        var values = [UInt16](repeating: 0, count: image.size.count * image.samples)
        for segment in 0..<segments {
            let (start, end) = (starts[segment], starts[segment + 1])
            guard start >= 64, start <= end, end <= stream.count else {
                throw .corrupt("an RLE segment lies outside the frame")
            }
            // The most significant byte stands first.
            let shift = UInt16(8 * (perSample - 1 - segment % perSample))
            try unpack(stream[start..<end], count: image.size.count) { pixel, byte in
                values[pixel * image.samples + segment / perSample] |= UInt16(byte) << shift
            }
        }
        return values
    }

    private static func unpack(
        _ packed: ArraySlice<UInt8>, count: Int, _ put: (Int, UInt8) -> Void
    ) throws(ImageProblem) {
        var offset = packed.startIndex
        var done = 0
        while done < count {
            guard offset + 1 < packed.endIndex else {
                throw .truncated("an RLE segment ends before its pixels do")
            }
            let control = Int(Int8(bitPattern: packed[offset]))
            offset += 1
            if control == -128 { continue }
            let isRun = control < 0
            let length = min(isRun ? 1 - control : control + 1, count - done)
            guard isRun || offset + length <= packed.endIndex else {
                throw .truncated("an RLE segment ends before its pixels do")
            }
            for step in 0..<length { put(done + step, packed[isRun ? offset : offset + step]) }
            offset += isRun ? 1 : control + 1
            done += length
        }
    }
}
