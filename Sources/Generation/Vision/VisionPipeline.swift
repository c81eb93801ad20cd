import Datasets
import Images
import Models
import Records
import Torch

/// From an image's file to the rows a decoder reads: decoding, the processor, tower and projector.
///
/// A frozen tower sees every image once: its features serve a prompt's rollouts, chosen and
/// rejected answers, every update and every epoch, as far as ``cacheLimit`` reaches.
public final class VisionPipeline {
    package let model: VisionModel
    package let processor: ImageProcessor
    /// How records measure their images.
    public let measuring: any ImageMeasuring
    private let dtype: DType
    private let device: Device
    private var cache = FeatureCache(limit: VisionPipeline.standardLimit)

    /// Images that went through the tower so far.
    package private(set) var encodedImages = 0
    /// Bytes of features that are kept at most; 0 keeps none.
    package var cacheLimit = VisionPipeline.standardLimit {
        didSet { cache = FeatureCache(limit: cacheLimit) }
    }

    /// About 1300 images of a small tower, 400 of LLaVA-1.5's.
    private static let standardLimit = 512 << 20

    init(_ model: VisionModel, _ processor: ImageProcessor, dtype: DType, device: Device) {
        self.model = model
        self.processor = processor
        self.dtype = dtype
        self.device = device
        measuring = ImageMeter(processor, model.configuration)
    }

    /// The features of images at the rows where they stand, [rows, D]; differentiable to the
    /// projector, and to the tower where it is trained.
    ///
    /// - Throws: ``ImageFault`` when a file can no longer be read.
    package func rows(of images: [PlacedImage]) throws(ImageFault) -> ImageRows {
        var encoded: [ImageReference: Tensor] = [:]
        for image in images where encoded[image.reference] == nil {
            encoded[image.reference] = model.projected([try features(of: image.reference)])[0]
        }
        return ImageRows(
            rows: images.flatMap { $0.start..<($0.start + $0.grid.count) },
            features: .cat(images.compactMap { encoded[$0.reference] }))
    }

    /// What the tower makes of an image, [patches, W].
    private func features(of reference: ImageReference) throws(ImageFault) -> Tensor {
        if model.isTowerTrainable { return try encoded(reference) }
        if let known = cache.features(of: reference) { return forGradients(known) }
        let features = try withoutGradients { () throws(ImageFault) in try encoded(reference) }
        cache.insert(features, for: reference)
        return forGradients(features)
    }

    private func encoded(_ reference: ImageReference) throws(ImageFault) -> Tensor {
        let input = try input(reference)
        encodedImages += 1
        return model.towerFeatures([input])[0]
    }

    /// What was made in inference mode can join no graph; a copy can.
    private func forGradients(_ features: Tensor) -> Tensor {
        gradientsAreRecorded ? features + 0 : features
    }

    /// An image as the tower takes it.
    ///
    /// - Throws: ``ImageFault`` when the file cannot be read.
    package func input(_ reference: ImageReference) throws(ImageFault) -> VisionInput {
        do throws(ImageError) {
            return input(try processor.process(ImageFile.read(reference)))
        } catch {
            throw ImageFault(path: reference.path, reason: "\(error.problem)")
        }
    }

    private func input(_ pixels: PixelValues) -> VisionInput {
        VisionInput(
            pixels: Tensor(pixels.values, shape: pixels.shape).to(dtype).to(device),
            grid: pixels.grid)
    }
}
