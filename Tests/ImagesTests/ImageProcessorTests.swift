import Foundation
import Records
import TestSupport
import Testing

@testable import Images

/// Beside transformers' processors with their PIL backend.
struct ImageProcessorTests {
    static let names = [
        "llava", "dinov2", "siglip", "qwen2.5-vl", "crop-larger", "llava-padded", "longest",
        "qwen2-vl-few",
    ]

    /// Exact, and where it were not, how far off.
    private func compare(
        _ values: PixelValues, _ expected: Expected.Output, _ name: String
    ) throws {
        #expect(values.shape == expected.shape, "\(name)")
        #expect(CRC32.of(values.values) == expected.crc, "\(name)")
        let probes = try #require(expected.probes)
        for (place, value) in zip(places(probes.count, in: values.values.count), probes) {
            #expect(abs(values.values[place] - value) <= 1e-4, "\(name) at \(place)")
        }
        if let grid = expected.grid {
            #expect([values.grid.time, values.grid.height, values.grid.width] == grid, "\(name)")
        }
    }

    @Test(arguments: names)
    func valuesAreThoseOfTransformers(processor name: String) throws {
        let processor = try Expected.processor(name)
        var refused = 0
        for (file, picture) in try Expected.load().files {
            let image = try ImageFile.read(ImageReference(path: Expected.path(file)))
            let output = try #require(picture.processors?[name])
            if output.refused != nil {
                refused += 1
                #expect(throws: ImageError.self) { try processor.process(image) }
                #expect(throws: ImageError.self) { try processor.size(for: image.size) }
                continue
            }
            try compare(try processor.process(image), output, "\(name), \(file)")
        }
        // Those that resize by the number of pixels refuse the longest picture.
        #expect(refused == (name.hasPrefix("qwen") || name == "longest" ? 1 : 0))
    }

    @Test(arguments: names)
    func sizesAreThoseOfTheValues(processor name: String) throws {
        let processor = try Expected.processor(name)
        for file in ["colour.png", "pixel.png", "tall.png", "rotated.jpg"] {
            let reference = ImageReference(path: Expected.path(file))
            let size = try processor.size(for: ImageFile.size(of: reference))
            let values = try processor.process(ImageFile.read(reference))
            #expect(try processor.grid(for: ImageFile.size(of: reference)) == values.grid)
            #expect(values.values.count == values.shape.reduce(1, *))
            if processor.steps.patches == nil {
                #expect(values.shape == [3, size.height, size.width])
            } else {
                // Patches of 14 x 14, two moments.
                #expect(values.shape == [size.count / 196, 1176])
                #expect(values.grid.height * 14 == size.height)
            }
            let preview = try processor.preview(ImageFile.read(reference))
            #expect(preview.size == size)
        }
    }

    /// A line of 64,000 pixels would be resized to 21.5 million columns; only 336 are made.
    @Test func linesDoNotGrow() throws {
        let image = RGBImage(
            width: 64_000, height: 1, pixels: (0..<192_000).map { UInt8(truncatingIfNeeded: $0) })
        let values = try Expected.processor("llava").process(image)
        #expect(values.shape == [3, 336, 336])
        // Without a crop, the size is refused.
        #expect {
            try Expected.processor("crop-larger").with { $0.crop = nil }.process(image)
        } throws: {
            ($0 as? ImageError)?.problem.kind == "tooLarge"
        }
    }

    @Test func pixelsCanBeLimited() throws {
        var processor = try Expected.processor("qwen2.5-vl")
        #expect(processor.maxPixels == 12_845_056)
        let photograph = ImageSize(width: 1300, height: 876)
        // 1300 / 28 = 46.4 and 876 / 28 = 31.3.
        #expect(try processor.size(for: photograph) == ImageSize(width: 1288, height: 868))
        processor.maxPixels = 200_704
        // beta = sqrt(1300 x 876 / 200704) = 2.382: 545.7 / 28 = 19.5, 367.7 / 28 = 13.1.
        #expect(try processor.size(for: photograph) == ImageSize(width: 532, height: 364))
        #expect(try processor.grid(for: photograph) == ImageGrid(height: 26, width: 38))
        var other = try Expected.processor("llava")
        other.maxPixels = 100
        #expect(try other == Expected.processor("llava") && other.maxPixels == nil)
    }

    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func photographsOfTheModelsOwnSettings() throws {
        let folder = try #require(TestFiles.sharedData).appending(path: "tokenizers")
        for (file, picture) in try Expected.load().shared {
            let path = folder.appending(path: "qwen2.5vl-ort/\(file)").path
            let image = try ImageFile.read(ImageReference(path: path))
            for (name, output) in try #require(picture.processors) {
                let processor = try ImageProcessor(folder: folder.appending(path: name))
                #expect(processor.patchSize == 14)
                try compare(processor.process(image), output, "\(name), \(file)")
            }
        }
    }

    /// The numbers that onnxruntime-extensions keeps, within the mean square that it asks for.
    @Test(.enabled(if: TestFiles.sharedData != nil, "needs ../shared/data"))
    func photographBesideOnnxruntime() throws {
        let folder = try #require(TestFiles.sharedData).appending(path: "tokenizers")
        let file = folder.appending(path: "qwen2.5vl-ort/pixel_values_reference.txt")
        let reference = try String(contentsOf: file, encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).compactMap { Float($0) }
        #expect(reference.count == 1000)
        let path = folder.appending(path: "qwen2.5vl-ort/australia.jpg").path
        let values = try ImageProcessor(folder: folder.appending(path: "qwen2.5-vl"))
            .process(ImageFile.read(ImageReference(path: path))).values
        let squares = zip(values, reference).map { ($0 - $1) * ($0 - $1) }
        #expect(squares.reduce(0, +) / 1000 <= 1e-3)
    }
}

extension ImageProcessor {
    fileprivate func with(_ change: (inout ImageSteps) -> Void) -> ImageProcessor {
        var other = self
        change(&other.steps)
        return other
    }
}
