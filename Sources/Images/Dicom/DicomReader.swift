import Foundation

/// Frames and facts of DICOM files, by the worker.
struct DicomReader {
    let worker: DicomWorker
    let limits: ImageLimits

    init(_ limits: ImageLimits, worker: DicomWorker = .shared) {
        self.worker = worker
        self.limits = limits
    }

    /// The facts alone, without decoding.
    ///
    /// - Throws: Whatever is wrong with the file's header; `.noFrame`.
    func facts(of file: borrowing OpenFile, frame: Int) throws(ImageProblem) -> DicomFacts {
        try facts(worker.ask(.describe, settings(frame, .asTheFileAsks), of: file), frame)
    }

    /// - Throws: Whatever is wrong with the file; `.noFrame`; `.unsupported` for a window of a
    ///   coloured image.
    func render(
        _ file: borrowing OpenFile, frame: Int, showing values: ShownValues
    ) throws(ImageProblem) -> (image: RGBImage, facts: DicomFacts) {
        let reply = try worker.ask(.render, settings(frame, values), of: file)
        let facts = try facts(reply, frame)
        let size = ImageSize(width: facts.width, height: facts.height)
        try limits.check(size)
        let pixels: [UInt8]
        switch reply.bytes.count {
        case size.count: pixels = Self.repeated(reply.bytes)
        case size.count * 3: pixels = reply.bytes
        default: throw .reader("its answer has another size than it says")
        }
        return (RGBImage(width: size.width, height: size.height, pixels: pixels), facts)
    }

    private func settings(_ frame: Int, _ values: ShownValues) -> [String] {
        ["pixels \(limits.pixels)", "bytes \(limits.decodedBytes)", "frame \(frame)"]
            + values.settings
    }

    private func facts(
        _ reply: DicomWorker.Reply, _ frame: Int
    ) throws(ImageProblem) -> DicomFacts {
        guard reply.code == 0 else { throw Self.problem(reply, frame) }
        let decoded = try? JSONDecoder().decode(DicomFacts.self, from: Data(reply.text))
        guard let facts = decoded else { throw .reader("its answer cannot be read") }
        return facts
    }

    static func problem(_ reply: DicomWorker.Reply, _ frame: Int) -> ImageProblem {
        let text = String(decoding: reply.text, as: UTF8.self)
        return switch reply.code {
        case 1: .truncated(text)
        case 3: .unsupported(text)
        case 4: .tooLarge(text)
        case 5: .noFrame(frame, count: Int(text) ?? 0)
        case 6: .outOfMemory
        case 7: .reader("it was asked wrongly: \(text)")
        default: .corrupt(text)
        }
    }

    /// Grey as red, green and blue.
    private static func repeated(_ greys: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: greys.count * 3) { output, filled in
            for (index, grey) in greys.enumerated() {
                for channel in 0..<3 { output[3 * index + channel] = grey }
            }
            filled = greys.count * 3
        }
    }
}
