import Datasets
import Generation
import Images
import Models
import Torch

/// Shows where a model looked: what its answer depends on, and what its tower attended to.
package struct Attributor {
    package let model: LanguageModel
    private let processor: ImageProcessor

    /// - Throws: ``AttributionError/readsNoImages`` for a model of text.
    package init(_ model: LanguageModel) throws(AttributionError) {
        guard let processor = model.vision?.processor else { throw .readsNoImages }
        (self.model, self.processor) = (model, processor)
    }

    /// The longest side of an image that is followed pixel by pixel.
    private static let limit = 1024

    /// |d log p(answer) / d pixel|, smoothed, from 0 to 1; of the image's shape, and of its size
    /// up to 1024 pixels a side: what is larger is first made smaller.
    ///
    /// - Parameters:
    ///   - image: the one that stands at `place` among the group's images.
    ///   - answer: which of the group's completions.
    /// - Throws: ``AttributionError``, `ImageProblem` or `ImageFault`.
    package func saliency(
        _ image: RGBImage, at place: Int = 0, of answer: Int = 0, in group: PromptGroup
    ) throws -> PixelMap {
        let objective = try PixelObjective(model, group, following: place)
        let image = try reduced(image)
        let pixels = image.tensor.to(model.decoder.device)
        pixels.requiresGrad = true
        let gradient = try withGradients {
            try objective.logLikelihoods(pixels).select(0, answer).gradients(for: [pixels])[0]
        }
        guard let gradient else { throw AttributionError.disconnected }
        guard gradient.isFinite().all().item(Bool.self) else { throw AttributionError.notFinite }
        let map = PixelMap(
            gradient: gradient.values(Float.self), width: image.width, height: image.height)
        return map.smoothed(0.02 * Double(max(image.width, image.height))).scaled()
    }

    /// The most patches that are followed through a tower whose number of them is the image's own:
    /// each looks at each in every layer.
    private static let mostPatches = 48 * 48

    /// Rollout over the patches of what the tower saw, from 0 to 1, of the size that ``saliency``
    /// has too; where the processor crops it is laid on the part that was seen. Qwen's towers are
    /// shown an image of more than 2304 patches smaller.
    ///
    /// - Throws: ``AttributionError/noAttention`` where the processor pads images,
    ///   ``AttributionError/notFinite``, or `ImageProblem`.
    package func attention(_ image: RGBImage) throws -> PixelMap {
        guard let vision = model.decoder.vision, processor.steps.padding == nil else {
            throw AttributionError.noAttention
        }
        let image = try reduced(image)
        var processor = processor
        if let patches = processor.steps.patches, let most = processor.maxPixels {
            processor.maxPixels = min(most, Self.mostPatches * patches.side * patches.side)
        }
        let grid = try processor.grid(for: image.size)
        let layers = try withoutGradients {
            let values = try TensorProcessor(steps: processor.steps)(
                image.tensor.to(model.decoder.device))
            return vision.tower.attentions(
                VisionInput(pixels: values.to(model.decoder.dtype), grid: grid), meansHeads: true)
        }
        guard !layers.isEmpty, grid.count <= layers[0].size(-1) else {
            throw AttributionError.noAttention
        }
        let values = AttentionRollout.map(layers, patches: grid.count)
        guard values.areFinite else { throw AttributionError.notFinite }
        let map = PixelMap(
            width: grid.width, height: grid.height,
            values: processor.steps.patches?.inRows(values, width: grid.width) ?? values)
        return try seen(map, in: image).scaled()
    }

    /// The image where it is small, else one that makes the same tokens of the model.
    private func reduced(_ image: RGBImage) throws(ImageProblem) -> RGBImage {
        let longest = max(image.width, image.height)
        guard longest > Self.limit else { return image }
        var size = image.size.within(Self.limit)
        if processor.steps.patches != nil {
            // The number of tokens follows from the size: only the processor's own keeps it.
            size = try processor.steps.resized(image.size)
            guard max(size.width, size.height) < longest else { return image }
        }
        return Resampler.resize(image, to: size, filter: processor.steps.filter)
    }

    /// The map on the part of the image that the crop leaves, nothing elsewhere.
    private func seen(_ map: PixelMap, in image: RGBImage) throws(ImageProblem) -> PixelMap {
        let resized = try processor.steps.resized(image.size)
        let crop = processor.steps.crop ?? resized
        let part = (
            width: min(image.width, crop.width * image.width / max(1, resized.width)),
            height: min(image.height, crop.height * image.height / max(1, resized.height))
        )
        let spread = map.resized(width: max(1, part.width), height: max(1, part.height))
        return spread.centred(width: image.width, height: image.height)
    }
}

extension ImageSize {
    /// The same shape, no side longer.
    fileprivate func within(_ limit: Int) -> ImageSize {
        let longest = max(width, height)
        func side(_ length: Int) -> Int { max(1, length * limit / longest) }
        return ImageSize(width: side(width), height: side(height))
    }
}

extension ImageSteps.Patches {
    /// One value a patch, row by row of the image, from the order in which the processor lays
    /// patches: those that become one token together.
    ///
    /// - Parameter width: of the image in patches.
    func inRows(_ values: [Float], width: Int) -> [Float] {
        var rows = values
        for (place, value) in values.enumerated() {
            let (token, patch) = place.quotientAndRemainder(dividingBy: merge * merge)
            let (top, left) = token.quotientAndRemainder(dividingBy: width / merge)
            let (down, right) = patch.quotientAndRemainder(dividingBy: merge)
            rows[(top * merge + down) * width + left * merge + right] = value
        }
        return rows
    }
}
