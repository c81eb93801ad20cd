import Datasets
import Generation
import Images
import Models
import Objectives
import Records
import Torch

/// The log-likelihoods of a prompt's answers as a function of the pixels of one of its images.
package struct PixelObjective {
    private let model: LanguageModel
    private let pipeline: VisionPipeline
    private let batch: PackedBatch
    private let followed: PlacedImage
    private let others: [PlacedImage]

    /// - Parameter place: which of the prompt's images, from 0.
    /// - Throws: ``AttributionError/images(_:)`` where there is none at this place,
    ///   ``AttributionError/readsNoImages`` for a model of text.
    package init(
        _ model: LanguageModel, _ group: PromptGroup, following place: Int = 0
    ) throws(AttributionError) {
        guard let pipeline = model.vision else { throw .readsNoImages }
        let batch = PackedBatch(groups: [group])
        guard batch.images.indices.contains(place) else { throw .images(batch.images.count) }
        (self.model, self.pipeline, self.batch) = (model, pipeline, batch)
        followed = batch.images[place]
        others = batch.images.indices.filter { $0 != place }.map { batch.images[$0] }
    }

    /// log p of each answer's tokens, summed, [K], differentiable to the pixels.
    ///
    /// - Parameter pixels: [1, 3, H, W] in [0, 1].
    /// - Throws: `ImageProblem` for a shape that the processor refuses, `ImageFault` where another
    ///   image of the prompt cannot be read.
    package func logLikelihoods(_ pixels: Tensor) throws -> Tensor {
        let hidden = model.decoder.hidden(tokens, images: try rows(pixels))
        let places = Tensor(batch.targets.positions.map(Int64.init)).to(model.decoder.device)
        let scores = TokenScores(
            hidden: hidden.indexSelect(0, places),
            targets: Tensor(batch.targets.tokenIDs.map(Int64.init)).to(model.decoder.device),
            weight: model.decoder.outputWeight)
        return TokenSegments(lengths: batch.completionLengths, device: model.decoder.device)
            .sums(scores.logProbabilities)
    }

    private func rows(_ pixels: Tensor) throws -> ImageRows {
        let processor = pipeline.processor
        let size = ImageSize(width: pixels.size(3), height: pixels.size(2))
        let values = try TensorProcessor(steps: processor.steps)(pixels.to(model.decoder.device))
        let input = VisionInput(
            pixels: values.to(model.decoder.dtype), grid: try processor.grid(for: size))
        let features = pipeline.model.features([input])[0]
        let own = Array(followed.start..<(followed.start + followed.grid.count))
        if others.isEmpty { return ImageRows(rows: own, features: features) }
        let rest = try pipeline.rows(of: others)
        return ImageRows(rows: own + rest.rows, features: .cat([features, rest.features]))
    }

    private var tokens: TokenBatch {
        let positions = batch.positions.map(Int.init)
        let mropePositions = model.decoder.configuration.multimodalSections.map { _ in
            MRoPEPositions(
                lengths: batch.sequenceLengths, prefixes: batch.prefixes, positions: positions,
                images: batch.images)
        }
        return TokenBatch(
            tokens: batch.tokenIDs, positions: positions, lengths: batch.sequenceLengths,
            prefixes: batch.prefixes, mropePositions: mropePositions)
    }
}

extension RGBImage {
    /// [1, 3, H, W] in [0, 1].
    package var tensor: Tensor {
        Tensor(pixels, shape: [1, height, width, 3]).to(.float32).permute(0, 3, 1, 2).contiguous()
            / 255
    }

    /// The values [1, 3, H, W] as [H, W, 3] row by row.
    package static func rows(of values: Tensor) -> [Float] {
        values.squeeze(0).permute(1, 2, 0).contiguous().values(Float.self)
    }
}
