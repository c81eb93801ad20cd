/// What a file says about its pixels (PS3.3 C.7.6.3).
struct DicomImage: Sendable {
    let file: DicomFile
    let size: ImageSize
    let samples: Int
    let photometric: Photometric
    /// Whether each colour has a plane of its own.
    let isPlanar: Bool
    let bitsAllocated: Int
    let bitsStored: Int
    let highBit: Int
    let isSigned: Bool
    let frames: Int
    let pixelData: DicomElement

    /// What values mean.
    enum Photometric: String, Sendable {
        case monochrome1 = "MONOCHROME1"
        case monochrome2 = "MONOCHROME2"
        case palette = "PALETTE COLOR"
        case rgb = "RGB"
        case ybrFull = "YBR_FULL"
        case ybrFull422 = "YBR_FULL_422"
        case ybrReversible = "YBR_RCT"
        case ybrIrreversible = "YBR_ICT"

        var samples: Int {
            switch self {
            case .monochrome1, .monochrome2, .palette: 1
            default: 3
            }
        }
    }

    init(_ file: DicomFile) throws(ImageProblem) {
        func integer(_ element: Int, _ name: StaticString) throws(ImageProblem) -> Int {
            guard let found = file.element(0x0028, element),
                let value = file.integers(found).first
            else { throw .corrupt("\(name) is missing") }
            return value
        }
        self.file = file
        guard let pixelData = file.element(0x7FE0, 0x0010) else {
            throw .unsupported("a DICOM object without pixel data")
        }
        self.pixelData = pixelData
        size = ImageSize(
            width: try integer(0x0011, "Columns"), height: try integer(0x0010, "Rows"))
        let name = file.element(0x0028, 0x0004).map(file.text) ?? ""
        guard let photometric = Photometric(rawValue: name) else {
            throw .unsupported("this photometric interpretation")
        }
        self.photometric = photometric
        samples = (try? integer(0x0002, "Samples per Pixel")) ?? photometric.samples
        isPlanar = (try? integer(0x0006, "Planar Configuration")) == 1
        bitsAllocated = try integer(0x0100, "Bits Allocated")
        bitsStored = (try? integer(0x0101, "Bits Stored")) ?? bitsAllocated
        highBit = (try? integer(0x0102, "High Bit")) ?? bitsStored - 1
        isSigned = (try? integer(0x0103, "Pixel Representation")) == 1
        let count = file.element(0x0028, 0x0008).flatMap { file.numbers($0).first } ?? 1
        guard let frames = Int(exactly: count), (1...Int(Int32.max)).contains(frames) else {
            throw .corrupt("the number of frames is no number of frames")
        }
        self.frames = frames
        try validate()
    }

    private func validate() throws(ImageProblem) {
        guard samples == photometric.samples else {
            throw .corrupt("\(samples) samples a pixel in a \(photometric.rawValue) image")
        }
        guard bitsAllocated == 8 || bitsAllocated == 16 else {
            throw .unsupported("\(bitsAllocated) bits a value")
        }
        guard (1...bitsAllocated).contains(bitsStored), highBit < bitsAllocated,
            highBit >= bitsStored - 1
        else { throw .corrupt("bits stored do not lie within bits allocated") }
        if case .fragments = pixelData.content {
            guard file.syntax.isEncapsulated else {
                throw .corrupt("compressed pixels in an uncompressed transfer syntax")
            }
        } else if file.syntax.isEncapsulated {
            throw .corrupt("uncompressed pixels in a compressed transfer syntax")
        }
    }

    /// The first number of an attribute that may stand for the whole file or for a frame: in the
    /// functional groups of enhanced objects (PS3.3 C.7.6.16), a frame's own before the shared.
    func number(_ element: Int, group sequence: Int, frame: Int) -> Double? {
        let tag = DicomTag(0x0028, element)
        let places = [
            functional(0x9230, item: frame, sequence), functional(0x9229, item: 0, sequence),
            file.elements,
        ]
        for place in places {
            if let found = place.first(where: { $0.tag == tag }),
                let value = file.numbers(found).first
            {
                return value
            }
        }
        return nil
    }

    private func functional(_ groups: Int, item: Int, _ sequence: Int) -> [DicomElement] {
        guard let items = file.element(0x5200, groups)?.items, items.indices.contains(item) else {
            return []
        }
        return items[item].first { $0.tag == DicomTag(0x0028, sequence) }?.items.first ?? []
    }
}
