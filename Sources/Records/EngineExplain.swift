import Foundation

/// What is asked about an answer to images: where in one of them the model looked.
package struct EngineExplain: Codable, Sendable, Hashable {
    /// The folder of a PEFT adapter; nil for the base model.
    package var adapter: String?
    package var prompt: [Message]
    /// As of ``EngineSample``.
    package var images: [ImageReference]
    /// The answer.
    package var completion: String
    /// Which of the images, from 0.
    package var place: Int
    package var map: OverlayMap

    package init(
        adapter: String?, prompt: [Message], images: [ImageReference], completion: String,
        place: Int, map: OverlayMap
    ) {
        self.adapter = adapter
        self.prompt = prompt
        self.images = images
        self.completion = completion
        self.place = place
        self.map = map
    }
}

/// What is laid over an image.
package enum OverlayMap: String, Codable, Sendable, Hashable, CaseIterable {
    /// How much the answer's log-likelihood depends on each pixel.
    case saliency
    /// What the vision tower attended to, whatever was answered.
    case attention
}

/// An image with a map laid over it.
package struct EngineOverlay: Codable, Sendable, Hashable {
    /// Of the image's proportions; base64 in JSON.
    package var png: Data

    package init(png: Data) { self.png = png }
}
