/// Why it cannot be told where a model looked.
package enum AttributionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A model of text.
    case readsNoImages
    /// There are so many images, and one was to be followed, or this one of them.
    case images(Int)
    /// The answer does not depend on the pixels.
    case disconnected
    /// A gradient or an attention is infinite or no number.
    case notFinite
    /// The tower has no attention whose patches lie as the image does.
    case noAttention

    package var description: String {
        switch self {
        case .readsNoImages: "the model reads no images"
        case .images(let count): "has \(count) images; attacks and saliency follow exactly one"
        case .disconnected: "the answer does not depend on the image"
        case .notFinite: "the gradient or the attention is not finite"
        case .noAttention: "the attention of this model's tower cannot be laid over an image"
        }
    }
}
