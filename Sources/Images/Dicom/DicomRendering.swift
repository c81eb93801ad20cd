import Records

extension DicomImage {
    /// A frame as a screen shows it: rescaled, windowed, coloured; overlays are not drawn.
    ///
    /// - Parameter window: Of rescaled values; nil for the first that the file holds, or, where it
    ///   holds none, from the least value of the frame to the greatest.
    /// - Throws: What `values` throws; `.unsupported` for a window of a coloured image.
    func render(
        frame: Int, window: ImageWindow?, limits: ImageLimits
    ) throws(ImageProblem) -> RGBImage {
        let values = try values(frame: frame, limits: limits)
        let pixels: [UInt8]
        switch photometric {
        case .monochrome1, .monochrome2:
            let table = try greys(values, frame: frame, window: window)
            pixels = Self.repeated(values, table)
        default:
            guard window == nil else { throw .unsupported("a window of a coloured image") }
            pixels = try coloured(values)
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }

    private func coloured(_ values: [UInt16]) throws(ImageProblem) -> [UInt8] {
        switch photometric {
        case .palette: return try DicomPalette(self).colours(of: values)
        case .ybrFull, .ybrFull422:
            return isConverted ? bytes(values) : YBR.rgb(bytes(values))
        default: return bytes(values)
        }
    }

    /// Whether the decoder of the code stream has made RGB of YBR already.
    private var isConverted: Bool {
        bitsAllocated == 8 && (file.syntax == .jpegBaseline || file.syntax == .jpegExtended)
    }

    /// The high eight of the stored bits.
    private func bytes(_ values: [UInt16]) -> [UInt8] {
        let shift = UInt16(max(0, bitsStored - 8))
        return values.map { UInt8(truncatingIfNeeded: $0 >> shift) }
    }

    // MARK: Grey

    /// The grey of every value that the stored bits can hold.
    private func greys(
        _ values: [UInt16], frame: Int, window: ImageWindow?
    ) throws(ImageProblem) -> [UInt8] {
        let slope = number(0x1053, group: 0x9145, frame: frame) ?? 1
        let intercept = number(0x1052, group: 0x9145, frame: frame) ?? 0
        func meaning(_ value: Int) -> Double { Double(signed(value)) * slope + intercept }
        let shown = try shown(values, frame: frame, window: window, meaning: meaning)
        let inverse: UInt8 = photometric == .monochrome1 ? 255 : 0
        return (0..<(1 << bitsStored)).map { shown.grey(meaning($0)) ^ inverse }
    }

    private func shown(
        _ values: [UInt16], frame: Int, window: ImageWindow?, meaning: (Int) -> Double
    ) throws(ImageProblem) -> GreyWindow {
        if let window { return try GreyWindow(window, shape: .linear) }
        if let center = number(0x1050, group: 0x9132, frame: frame),
            let width = number(0x1051, group: 0x9132, frame: frame)
        {
            let name = file.element(0x0028, 0x1056).map(file.text) ?? ""
            return try GreyWindow(
                ImageWindow(center: center, width: width),
                shape: GreyWindow.Shape(rawValue: name) ?? .linear)
        }
        // A slope may be negative.
        let stored = values.map { signed(Int($0)) }
        let ends = [stored.min() ?? 0, stored.max() ?? 0]
            .map { meaning($0 & (1 << bitsStored - 1)) }
        return GreyWindow(showing: min(ends[0], ends[1])...max(ends[0], ends[1]))
    }

    private func signed(_ value: Int) -> Int {
        isSigned && value >> (bitsStored - 1) == 1 ? value - 1 << bitsStored : value
    }

    private static func repeated(_ values: [UInt16], _ table: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: values.count * 3) { output, filled in
            for (index, value) in values.enumerated() {
                let grey = table[Int(value)]
                for channel in 0..<3 { output[3 * index + channel] = grey }
            }
            filled = values.count * 3
        }
    }
}
