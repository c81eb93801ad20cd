import Foundation
import Images
import Records
import Testing
import Torch
import TorchTestSupport

@testable import Attribution

struct TensorProcessorTests {
    init() { startEngine() }

    /// A picture with slopes and edges.
    private func image(_ width: Int, _ height: Int) -> RGBImage {
        let pixels = (0..<(width * height)).flatMap { place -> [UInt8] in
            let (x, y) = (place % width, place / width)
            let square: UInt8 = x > width / 2 && y > height / 3 ? 200 : 20
            return [UInt8(x * 255 / width), UInt8(y * 255 / height), square]
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private static let clip = """
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 28},
         "crop_size": {"height": 28, "width": 28}}
        """
    private static let llava = """
        {"image_processor_type": "LlavaImageProcessor", "size": {"shortest_edge": 28},
         "crop_size": {"height": 28, "width": 28}, "do_pad": true}
        """
    private static let siglip = """
        {"image_processor_type": "SiglipImageProcessor", "size": {"height": 24, "width": 32},
         "resample": 3}
        """
    private static let bilinear = """
        {"image_processor_type": "SiglipImageProcessor", "size": {"height": 24, "width": 32},
         "resample": 2}
        """
    private static let qwen = """
        {"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 784, "max_pixels": 3136,
         "patch_size": 14, "merge_size": 2, "temporal_patch_size": 2}
        """

    private func settings(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// What the tower sees is the processor's but for the rounding of bytes: two passes, so at most
    /// about one and a half steps of 1/255 on the way, divided by the smallest deviation.
    @Test(
        arguments: [clip, llava, siglip, bilinear, qwen],
        [[40, 52], [61, 30], [9, 20], [28, 28]])
    func agreesWithTheProcessor(json: String, size: [Int]) throws {
        let processor = try ImageProcessor(json: settings(json))
        let picture = image(size[0], size[1])
        let expected = try processor.process(picture)
        let values = try TensorProcessor(steps: processor.steps)(picture.tensor)
        #expect(values.shape == expected.shape)
        let smallest = processor.steps.normalize?.deviation.min() ?? 1
        let gap = distance(values, expected.values.map(Double.init))
        #expect(gap < 2.0 / 255 / smallest, "\(gap * 255 * smallest) steps")
    }

    /// Pixels that the crop leaves out have no gradient, those in the middle have.
    @Test func gradientsReachWhatIsSeen() throws {
        let processor = try ImageProcessor(json: settings(Self.clip))
        let pixels = image(60, 28).tensor
        pixels.requiresGrad = true
        let gradient = try #require(
            withGradients { try TensorProcessor(steps: processor.steps)(pixels).sum() }
                .gradients(for: [pixels])[0])
        let row = gradient.select(0, 0).select(0, 0).select(0, 10).values(Float.self)
        #expect(row[0] == 0 && row[59] == 0 && row[30] != 0)
    }

    @Test func bytesComeBack() {
        let picture = image(5, 3)
        let rows = RGBImage.rows(of: picture.tensor)
        #expect(rows.map { UInt8(($0 * 255).rounded()) } == picture.pixels)
    }
}
