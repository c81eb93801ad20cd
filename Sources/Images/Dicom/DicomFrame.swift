extension DicomImage {
    /// The values of a frame, [height, width, samples]: stored bits alone, at the low end, signs
    /// not yet extended.
    ///
    /// - Throws: `.noFrame`, `.tooLarge`, `.truncated`, `.corrupt`, `.unsupported`.
    func values(frame: Int, limits: ImageLimits) throws(ImageProblem) -> [UInt16] {
        try require(frame: frame)
        try limits.check(size, bytesPerPixel: samples * 2)
        var values =
            file.syntax.isEncapsulated
            ? try decompressed(frame, limits: limits) : try native(frame)
        let shift = UInt16(highBit + 1 - bitsStored)
        let mask = UInt16(truncatingIfNeeded: (1 << bitsStored) - 1)
        if shift != 0 || mask != .max {
            for index in values.indices { values[index] = (values[index] >> shift) & mask }
        }
        return values
    }

    // MARK: Uncompressed

    private func native(_ frame: Int) throws(ImageProblem) -> [UInt16] {
        let isHalved = photometric == .ybrFull422
        let perPixel = isHalved ? 2 : samples
        guard !isHalved || (bitsAllocated == 8 && size.width % 2 == 0 && !isPlanar) else {
            throw .unsupported("YBR_FULL_422 of odd width, 16 bits or planes")
        }
        let length = size.count * perPixel * bitsAllocated / 8
        let needed = length * frames
        let found = pixelData.value.count
        guard found >= needed else {
            throw .truncated("pixel data of \(found) bytes; the header speaks of \(needed)")
        }
        // One byte makes lengths even, and some makers round up further.
        guard found - needed < max(2, length / size.height) else {
            throw .corrupt("pixel data of \(found) bytes; the header speaks of \(needed)")
        }
        let start = pixelData.value.lowerBound + frame * length
        let words = widened(file.bytes[start..<(start + length)])
        if isHalved { return Self.doubled(words) }
        return isPlanar && samples > 1 ? interleaved(words) : words
    }

    /// One value a word, from the byte order of the file.
    private func widened(_ bytes: ArraySlice<UInt8>) -> [UInt16] {
        // Eight-bit values of big endian files stand in words, as OB, in the order of the bytes;
        // as OW, with the bytes of each word swapped.
        let isWord = pixelData.representation?.letters != "OB"
        let isBig = file.syntax.encoding.isBigEndian
        return bytes.withUnsafeBufferPointer { input in
            if bitsAllocated == 8 {
                let flip = isBig && isWord ? 1 : 0
                return input.indices.map { UInt16(input[min($0 ^ flip, input.count - 1)]) }
            }
            let (low, high) = isBig ? (1, 0) : (0, 1)
            return (0..<(input.count / 2)).map {
                UInt16(input[2 * $0 + high]) << 8 | UInt16(input[2 * $0 + low])
            }
        }
    }

    /// From planes [samples, H, W] to pixels [H, W, samples].
    func interleaved(_ planes: [UInt16]) -> [UInt16] {
        let count = size.count
        return [UInt16](unsafeUninitializedCapacity: planes.count) { output, filled in
            for sample in 0..<samples {
                for pixel in 0..<count {
                    output[pixel * samples + sample] = planes[sample * count + pixel]
                }
            }
            filled = planes.count
        }
    }

    /// Y Y Cb Cr of two neighbours as Y Cb Cr of each (PS3.3 C.7.6.3.1.2).
    private static func doubled(_ words: [UInt16]) -> [UInt16] {
        var pixels: [UInt16] = []
        pixels.reserveCapacity(words.count / 2 * 3)
        for pair in stride(from: 0, to: words.count - 3, by: 4) {
            for luma in 0..<2 {
                pixels += [words[pair + luma], words[pair + 2], words[pair + 3]]
            }
        }
        return pixels
    }

    // MARK: Compressed

    private func decompressed(
        _ frame: Int, limits: ImageLimits
    ) throws(ImageProblem) -> [UInt16] {
        let stream = try codeStream(frame)
        return file.syntax == .rle
            ? try RunLengths.decode(stream, self) : try DicomCodec.decode(stream, self)
    }

    /// The bytes of one frame, its pieces joined.
    private func codeStream(_ frame: Int) throws(ImageProblem) -> [UInt8] {
        guard case .fragments(let all) = pixelData.content, let table = all.first else {
            throw .corrupt("no compressed pixel data")
        }
        let pieces = all.dropFirst()
        guard !pieces.isEmpty else { throw .truncated("no compressed pixel data") }
        if frames == 1 { return joined(pieces) }
        if pieces.count == frames { return joined(pieces[(frame + 1)...(frame + 1)]) }
        return joined(try self.pieces(of: frame, all: pieces, table: table))
    }

    private func joined(_ pieces: ArraySlice<Range<Int>>) -> [UInt8] {
        Array(pieces.map { file.bytes[$0] }.joined())
    }

    /// By the basic offset table, whose numbers count from the first piece's tag (PS3.5 A.4).
    private func pieces(
        of frame: Int, all: ArraySlice<Range<Int>>, table: Range<Int>
    ) throws(ImageProblem) -> ArraySlice<Range<Int>> {
        guard table.count == 4 * frames, let first = all.first else {
            throw .corrupt("nothing says which pieces of pixel data make a frame")
        }
        let reader = ByteReader(bytes: file.bytes)
        let offsets = (0..<frames).compactMap { reader.u32(table.lowerBound + 4 * $0) }
        let places = offsets + [Int.max]
        let chosen = all.filter {
            (places[frame]..<max(places[frame], places[frame + 1]))
                .contains($0.lowerBound - first.lowerBound)
        }
        guard let start = chosen.first, start.lowerBound - first.lowerBound == places[frame] else {
            throw .corrupt("the table of offsets does not fit the pixel data")
        }
        return chosen[...]
    }
}
