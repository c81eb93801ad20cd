import Attribution
import Generation
import Images

extension Attributor {
    /// The overlays of one question.
    package struct View: Sendable {
        /// PNG of |d log p(answer) / d pixel|, smoothed.
        package let saliency: [UInt8]
        /// PNG of attention rollout through the tower; nil where its patches do not lie in the
        /// order of the image.
        package let attention: [UInt8]?
        /// The answer whose log-likelihood was followed: the option chosen, the gold answer of an
        /// open question.
        package let answer: String
    }

    /// - Parameter label: the option whose log-likelihood is followed; nil for the gold answer.
    /// - Throws: where the question has not exactly one image, or it cannot be read.
    package func look(
        at item: EvaluationItem, _ frame: AnswerFrame, answer label: String? = nil
    ) throws -> View {
        guard item.images.count == 1, let reference = item.images.first else {
            throw AttributionError.images(item.images.count)
        }
        let image = try ImageFile.read(reference)
        let chosen = item.isOpen ? item.gold : label ?? item.gold
        let place = item.options.firstIndex { $0.label == chosen } ?? 0
        let group = try Evaluator(model).scored(item, frame, openReply: true).group
        return View(
            saliency: try Overlay.png(image, saliency(image, of: place, in: group)),
            attention: try attentionPNG(image), answer: chosen)
    }

    private func attentionPNG(_ image: RGBImage) throws -> [UInt8]? {
        do {
            return try Overlay.png(image, attention(image))
        } catch AttributionError.noAttention {
            return nil
        }
    }
}
