import FileFormats
import Foundation
import Generation
import Images
import Models
import Records
import Torch

/// Shows where a model looked: what its answer depends on, and what its tower attended to.
public struct Looker {
    private let model: LanguageModel
    private let processor: ImageProcessor

    /// - Throws: ``EvaluationError/readsNoImages`` for a model of text.
    public init(_ model: LanguageModel) throws(EvaluationError) {
        guard let processor = model.vision?.processor else { throw .readsNoImages }
        (self.model, self.processor) = (model, processor)
    }

    /// The overlays of one question.
    public struct View: Sendable {
        /// PNG of |d log p(answer) / d pixel|, smoothed.
        public let saliency: [UInt8]
        /// PNG of attention rollout through the tower; nil for a tower whose patches do not lie in
        /// the order of the image.
        public let attention: [UInt8]?
        /// The answer whose log-likelihood was followed: the option chosen, the gold answer of an
        /// open question.
        public let answer: String
    }

    /// - Parameter label: the option whose log-likelihood is followed; nil for the gold answer.
    /// - Throws: where the question has not exactly one image, or it cannot be read.
    public func look(
        at item: EvaluationItem, _ frame: AnswerFrame, answer label: String? = nil
    ) throws -> View {
        guard let reference = item.images.first else { throw PixelObjectiveError.images(0) }
        let image = try ImageFile.read(reference)
        let objective = try PixelObjective(
            model, processor, Evaluator(model).scored(item, frame, openReply: true))
        let chosen = item.isOpen ? item.gold : label ?? item.gold
        let place = item.options.firstIndex { $0.label == chosen } ?? 0
        let map = try saliency(image, objective, place)
        return View(
            saliency: try PNGFile.bytes(of: Overlay.image(image, map)),
            attention: try attention(image).map { try PNGFile.bytes(of: Overlay.image(image, $0)) },
            answer: chosen)
    }

    private func saliency(
        _ image: RGBImage, _ objective: PixelObjective, _ place: Int
    ) throws -> PixelMap {
        let pixels = image.tensor.to(model.decoder.device)
        pixels.requiresGrad = true
        let gradient = try withGradients {
            try objective.logLikelihoods(pixels).select(0, place).gradients(for: [pixels])[0]
        }
        guard let gradient else { throw AttackError.disconnected }
        guard gradient.isFinite().all().item(Bool.self) else { throw AttackError.notFinite }
        let map = PixelMap(
            gradient: gradient.values(Float.self), width: image.width, height: image.height)
        return map.smoothed(0.02 * Double(max(image.width, image.height))).scaled()
    }

    /// Rollout over the patches of what the tower saw, spread over the image; where the processor
    /// crops or pads it is laid on the part that was seen.
    private func attention(_ image: RGBImage) throws -> PixelMap? {
        guard let vision = model.decoder.vision, processor.steps.patches == nil,
            processor.steps.padding == nil
        else { return nil }
        let grid = try processor.grid(for: image.size)
        let values = try withoutGradients {
            try TensorProcessor(steps: processor.steps)(image.tensor.to(model.decoder.device))
        }
        let layers = withoutGradients {
            vision.tower.attentions(
                VisionInput(pixels: values.to(model.decoder.dtype), grid: grid))
        }
        guard !layers.isEmpty, grid.count <= layers[0].size(-1) else { return nil }
        let map = PixelMap(
            width: grid.width, height: grid.height,
            values: AttentionRollout.map(layers, patches: grid.count))
        return try seen(map, in: image).scaled()
    }

    /// The map on the part of the image that the crop leaves, nothing elsewhere.
    private func seen(_ map: PixelMap, in image: RGBImage) throws -> PixelMap {
        let resized = try processor.steps.resized(image.size)
        let crop = processor.steps.crop ?? resized
        let part = (
            width: min(image.width, crop.width * image.width / max(1, resized.width)),
            height: min(image.height, crop.height * image.height / max(1, resized.height))
        )
        let spread = map.resized(width: max(1, part.width), height: max(1, part.height))
        if spread.width == image.width, spread.height == image.height { return spread }
        let (left, top) = ((image.width - spread.width) / 2, (image.height - spread.height) / 2)
        var whole = PixelMap(
            width: image.width, height: image.height,
            values: [Float](repeating: 0, count: image.width * image.height))
        for row in 0..<spread.height {
            for column in 0..<spread.width {
                whole.values[(top + row) * image.width + left + column] =
                    spread.values[row * spread.width + column]
            }
        }
        return whole
    }
}
