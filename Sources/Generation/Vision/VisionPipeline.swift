import Datasets
import Dispatch
import Foundation
import Images
import Models
import Randomness
import Records
import Synchronization
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

    /// What is done to the pixels of images until it is set anew: those of a training step.
    private var changes: (augmentation: ImageAugmentation, seed: UInt64)?

    /// Changes images at random from now on: one in the same way within a step of a run, in other
    /// ways in other steps; nil changes none.
    package func augment(_ augmentation: ImageAugmentation?, seed: UInt64, step: Int) {
        changes = augmentation.map { ($0, RandomStream.mix(seed &+ UInt64(step) << 20)) }
    }

    /// The features of images at the rows where they stand, [rows, D]; differentiable to the
    /// projector, and to the tower where it is trained.
    ///
    /// - Throws: ``ImageFault`` when a file can no longer be read.
    package func rows(of images: [PlacedImage]) throws(ImageFault) -> ImageRows {
        var places: [ImageReference: Int] = [:]
        var references: [ImageReference] = []
        for image in images where places[image.reference] == nil {
            places[image.reference] = references.count
            references.append(image.reference)
        }
        let encoded = model.projected(try features(of: references))
        return ImageRows(
            rows: images.flatMap { $0.start..<($0.start + $0.grid.count) },
            features: .cat(images.compactMap { places[$0.reference].map { encoded[$0] } }))
    }

    /// What the tower makes of each image, [patches, W].
    private func features(of references: [ImageReference]) throws(ImageFault) -> [Tensor] {
        if model.isTowerTrainable { return try encoded(references) }
        if changes != nil {
            let made = try withoutGradients { () throws(ImageFault) in try encoded(references) }
            return made.map(forGradients)
        }
        var known: [ImageReference: Tensor] = [:]
        for reference in references { known[reference] = cache.features(of: reference) }
        let missing = references.filter { known[$0] == nil }
        let made = try withoutGradients { () throws(ImageFault) in try encoded(missing) }
        for (reference, features) in zip(missing, made) {
            cache.insert(features, for: reference)
            known[reference] = features
        }
        return references.compactMap { known[$0].map(forGradients) }
    }

    /// Through the tower, images of one size together.
    private func encoded(_ references: [ImageReference]) throws(ImageFault) -> [Tensor] {
        let groups = try inputs(references)
        encodedImages += references.count
        return groups.flatMap(model.towerFeatures)
    }

    /// Read and prepared on the run's threads, in groups that go through the tower together.
    private func inputs(_ references: [ImageReference]) throws(ImageFault) -> [[VisionInput]] {
        guard !references.isEmpty else { return [] }
        let pixels = Mutex<[Int: Result<PixelValues, ImageFault>]>([:])
        let (processor, changes) = (processor, changes)
        let workers = min(Runtime.threads, references.count)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for place in stride(from: worker, to: references.count, by: workers) {
                let result = Result { () throws(ImageFault) in
                    try processor.pixels(of: references[place], changes)
                }
                pixels.withLock { $0[place] = result }
            }
        }
        let inputs = try pixels.withLock { $0 }.sorted { $0.key < $1.key }
            .map { pair throws(ImageFault) in input(try pair.value.get()) }
        return Self.groups(of: inputs)
    }

    /// Inputs in their order, cut so that a pass of the tower holds about as many rows as keep its
    /// products fast.
    private static func groups(of inputs: [VisionInput]) -> [[VisionInput]] {
        var (groups, rows): ([[VisionInput]], Int) = ([], 0)
        for input in inputs {
            rows += input.grid.count
            if groups.isEmpty || rows > rowsOfPass {
                groups.append([])
                rows = input.grid.count
            }
            groups[groups.count - 1].append(input)
        }
        return groups
    }

    private static let rowsOfPass = 2048
    /// Images of which pixels are held together.
    private static let imagesAtOnce = 64

    /// What was made in inference mode can join no graph; a copy can.
    private func forGradients(_ features: Tensor) -> Tensor {
        gradientsAreRecorded ? features + 0 : features
    }

    /// Each image as one row of numbers, see `VisionModel.summaries`; nothing is kept.
    ///
    /// - Throws: ``ImageFault`` when a file cannot be read.
    package func summaries(of references: [ImageReference]) throws(ImageFault) -> [[Float]] {
        var rows: [[Float]] = []
        for start in stride(from: 0, to: references.count, by: Self.imagesAtOnce) {
            let part = Array(references[start...].prefix(Self.imagesAtOnce))
            try withoutGradients { () throws(ImageFault) in
                for inputs in try inputs(part) {
                    rows += model.summaries(inputs).map { $0.to(.float32).values(Float.self) }
                }
            }
        }
        return rows
    }

    /// An image as the tower takes it.
    private func input(_ pixels: PixelValues) -> VisionInput {
        VisionInput(
            pixels: Tensor(pixels.values, shape: pixels.shape).to(dtype).to(device),
            grid: pixels.grid)
    }
}

extension ImageProcessor {
    /// - Parameter changes: made before anything else, from a stream of the image's own.
    fileprivate func pixels(
        of reference: ImageReference, _ changes: (augmentation: ImageAugmentation, seed: UInt64)?
    ) throws(ImageFault) -> PixelValues {
        do throws(ImageError) {
            var image = try ImageFile.read(reference)
            if let changes {
                // Not the whole path: a run is the same wherever its data lies.
                let file = URL(filePath: reference.path).lastPathComponent
                let name = "\(reference.embedded?.sha256 ?? file) \(reference.frame ?? 0)"
                var stream = RandomStream(seed: changes.seed, key: fnv1a([name]))
                image = changes.augmentation(image, &stream)
            }
            return try process(image)
        } catch {
            throw ImageFault(path: reference.path, reason: "\(error.problem)")
        }
    }
}
