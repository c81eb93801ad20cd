/// What a compressed frame says about itself, read before a decoder is trusted with it.
struct CodeStream {
    enum Kind: Hashable {
        /// Coefficients of 8 or 12 bits, lossy.
        case jpeg
        case jpegLossless
        case jpegLS
        case jpeg2000
    }

    let kind: Kind
    let size: ImageSize
    let samples: Int
    /// Bits a sample.
    let precision: Int
    /// Without application segments and comments, whose oddities GDCM does not survive.
    let bytes: [UInt8]

    init(_ stream: [UInt8]) throws(ImageProblem) {
        let reader = ByteReader(bytes: stream, bigEndian: true)
        if reader.u16(0) == 0xFFD8 {
            try self.init(jpeg: reader)
        } else {
            try self.init(jpeg2000: stream)
        }
    }

    // MARK: JPEG, lossless JPEG and JPEG-LS

    private init(jpeg reader: ByteReader) throws(ImageProblem) {
        var offset = 2
        var kept: [UInt8] = [0xFF, 0xD8]
        var frame: (marker: Int, offset: Int)?
        while true {
            guard let prefix = reader.u8(offset), let marker = reader.u8(offset + 1) else {
                throw .truncated("a code stream without pixels")
            }
            if prefix == 0xFF && marker == 0xFF {
                offset += 1
                continue
            }
            guard prefix == 0xFF, marker >= 0xC0, !(0xD0...0xD9).contains(marker),
                let length = reader.u16(offset + 2), length >= 2
            else { throw .corrupt("a code stream without order") }
            guard let segment = reader.slice(offset, 2 + length) else {
                throw .truncated("a code stream without pixels")
            }
            if Self.frameMarkers.contains(marker) {
                guard frame == nil else { throw .unsupported("hierarchical JPEG") }
                frame = (marker, offset + 4)
            }
            if marker == 0xDA {
                kept += reader.bytes[offset...]
                break
            }
            let isRemark = (0xE0...0xEF).contains(marker) || marker == 0xFE
            if !isRemark { kept += segment }
            offset += 2 + length
        }
        guard let frame else { throw .corrupt("a code stream without a frame header") }
        guard let kind = Self.kind(of: frame.marker) else {
            throw .unsupported("this process of JPEG")
        }
        guard let precision = reader.u8(frame.offset), let height = reader.u16(frame.offset + 1),
            let width = reader.u16(frame.offset + 3), let samples = reader.u8(frame.offset + 5)
        else { throw .truncated("a frame header does not end") }
        (self.kind, self.precision, self.samples) = (kind, precision, samples)
        size = ImageSize(width: width, height: height)
        bytes = kept
        if kind != .jpeg { try Self.requireFullSampling(reader, frame.offset + 6, samples) }
        try Self.requireEnd(kept)
    }

    private static let frameMarkers = Set(0xC0...0xCF).subtracting([0xC4, 0xC8, 0xCC])
        .union([0xF7])

    private static func kind(of marker: Int) -> Kind? {
        switch marker {
        case 0xC0, 0xC1, 0xC2: .jpeg
        case 0xC3: .jpegLossless
        case 0xF7: .jpegLS
        default: nil
        }
    }

    private static func requireFullSampling(
        _ reader: ByteReader, _ offset: Int, _ samples: Int
    ) throws(ImageProblem) {
        for sample in 0..<samples where reader.u8(offset + 3 * sample + 1) != 0x11 {
            throw .unsupported("samples of unequal size in lossless JPEG")
        }
    }

    /// The end marker, before padding; GDCM fills up with grey what is missing.
    private static func requireEnd(_ bytes: [UInt8]) throws(ImageProblem) {
        let end = bytes.lastIndex { $0 != 0 } ?? 0
        guard
            bytes[..<(end + 1)].suffix(2) == [0xFF, 0xD9]
                || bytes[..<end].suffix(2) == [0xFF, 0xD9]
        else { throw .truncated("a code stream does not end") }
    }

    // MARK: JPEG 2000

    /// ISO/IEC 15444-1 A.5.1, the image and tile size.
    private init(jpeg2000 stream: [UInt8]) throws(ImageProblem) {
        // Some writers leave the boxes of a JP2 file around the code stream.
        let mark: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51]
        guard
            let start = stream.prefix(4096).indices.first(where: {
                stream[$0] == 0xFF && stream[$0...].starts(with: mark)
            })
        else { throw .corrupt("no JPEG or JPEG 2000 code stream") }
        bytes = Array(stream[start...])
        kind = .jpeg2000
        let reader = ByteReader(bytes: bytes, bigEndian: true)
        guard let right = reader.u32(8), let bottom = reader.u32(12), let left = reader.u32(16),
            let top = reader.u32(20), let tileWidth = reader.u32(24),
            let tileHeight = reader.u32(28), let samples = reader.u16(40),
            let depth = reader.u8(42)
        else { throw .truncated("a code stream without pixels") }
        guard left == 0, top == 0, reader.u32(32) == 0, reader.u32(36) == 0 else {
            throw .unsupported("JPEG 2000 with an offset")
        }
        guard tileWidth > 0, tileHeight > 0, samples > 0, samples <= 4 else {
            throw .corrupt("a code stream without tiles or samples")
        }
        for sample in 0..<samples {
            guard reader.u8(42 + 3 * sample) == depth, reader.u16(43 + 3 * sample) == 0x0101 else {
                throw .unsupported("samples of unequal size in JPEG 2000")
            }
        }
        size = ImageSize(width: right, height: bottom)
        (self.samples, precision) = (samples, depth & 0x7F + 1)
        try Self.requireMarkers(reader)
        try Self.requireEnd(bytes)
    }

    /// Marker segments up to the first pixels, within the stream, the coding style among them
    /// (A.6.1): GDCM walks them once more and looks at no length.
    private static func requireMarkers(_ reader: ByteReader) throws(ImageProblem) {
        var offset = 2
        var hasStyle = false
        while let marker = reader.u16(offset) {
            if marker == 0xFF93 {
                guard hasStyle else { throw .corrupt("a code stream without a coding style") }
                return
            }
            guard marker > 0xFF4F, let length = reader.u16(offset + 2), length >= 2 else {
                throw .corrupt("a code stream without order")
            }
            guard reader.slice(offset + 2, length) != nil else { break }
            if marker == 0xFF52 { hasStyle = length >= 12 }
            offset += 2 + length
        }
        throw .truncated("a code stream without pixels")
    }
}
