import Datasets
import Generation
import Images
import Models
import Objectives
import Records
import Torch

/// The log-likelihoods of a question's replies as a function of its image's pixels.
struct PixelObjective {
    private let model: LanguageModel
    private let vision: VisionModel
    private let processor: ImageProcessor
    private let question: ScoredQuestion
    private let batch: PackedBatch
    private let image: PlacedImage

    /// - Throws: ``PixelObjectiveError``; ``EvaluationError/readsNoImages`` for a model of text.
    init(
        _ model: LanguageModel, _ processor: ImageProcessor, _ question: ScoredQuestion
    ) throws {
        guard let vision = model.decoder.vision else { throw EvaluationError.readsNoImages }
        guard question.images.count == 1, let image = question.images.first else {
            throw PixelObjectiveError.images(question.images.count)
        }
        (self.model, self.vision, self.processor) = (model, vision, processor)
        (self.question, self.image) = (question, image)
        batch = PackedBatch(groups: [question.group])
    }

    /// log p of each reply's scored tokens, summed, [K], differentiable to the pixels.
    ///
    /// - Parameter pixels: [1, 3, H, W] in [0, 1].
    /// - Throws: `ImageError` for a shape that the processor refuses.
    func logLikelihoods(_ pixels: Tensor) throws -> Tensor {
        let size = ImageSize(width: pixels.size(3), height: pixels.size(2))
        let values = try TensorProcessor(steps: processor.steps)(pixels.to(model.decoder.device))
        let input = VisionInput(
            pixels: values.to(model.decoder.dtype), grid: try processor.grid(for: size))
        let rows = ImageRows(
            rows: Array(image.start..<(image.start + image.grid.count)),
            features: vision.features([input])[0])
        let hidden = model.decoder.hidden(tokens, images: rows)
        let places = Tensor(batch.targets.positions.map(Int64.init)).to(model.decoder.device)
        let scores = TokenScores(
            hidden: hidden.indexSelect(0, places),
            targets: Tensor(batch.targets.tokenIDs.map(Int64.init)).to(model.decoder.device),
            weight: model.decoder.outputWeight)
        return TokenSegments(lengths: batch.completionLengths, device: model.decoder.device)
            .sums(scores.logProbabilities)
    }

    private var tokens: TokenBatch {
        let positions = batch.positions.map(Int.init)
        let spatial = model.decoder.configuration.multimodalSections.map { _ in
            SpatialPositions(
                lengths: batch.sequenceLengths, prefixes: batch.prefixes, positions: positions,
                images: batch.images)
        }
        return TokenBatch(
            tokens: batch.tokenIDs, positions: positions, lengths: batch.sequenceLengths,
            prefixes: batch.prefixes, spatial: spatial)
    }
}

/// Why a question's pixels cannot be followed.
enum PixelObjectiveError: Error, Equatable, CustomStringConvertible {
    /// So many images, not one.
    case images(Int)

    var description: String {
        switch self {
        case .images(let count): "has \(count) images; attacks and saliency follow exactly one"
        }
    }
}

extension RGBImage {
    /// [1, 3, H, W] in [0, 1].
    var tensor: Tensor {
        Tensor(pixels, shape: [1, height, width, 3]).to(.float32).permute(0, 3, 1, 2).contiguous()
            / 255
    }

    /// The bytes of values [1, 3, H, W], [H, W, 3] row by row.
    static func rows(of values: Tensor) -> [Float] {
        values.squeeze(0).permute(1, 2, 0).contiguous().values(Float.self)
    }
}
