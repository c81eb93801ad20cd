import Attribution
import Datasets
import Foundation
import Generation
import Images
import Layers
import Records

extension ModelService {
    /// Where in an image the model looked: a map laid over it.
    ///
    /// - Throws: ``AttributionError``, ``RecordFault``, ``AdapterError`` or `ImageError`.
    func overlay(_ explain: EngineExplain) throws -> EngineOverlay {
        let looker = try Attributor(model)
        guard explain.images.indices.contains(explain.place) else {
            throw AttributionError.images(explain.images.count)
        }
        let image = try ImageFile.read(explain.images[explain.place])
        let map = try model.decoder.adapters.with(adapter(explain.adapter)) {
            switch explain.map {
            case .attention: return try looker.attention(image)
            case .saliency:
                let group = try model.encoding.group(
                    explain.prompt, completions: [explain.completion], images: explain.images)
                return try looker.saliency(image, at: explain.place, in: group)
            }
        }
        return EngineOverlay(png: Data(try Overlay.png(image, map)))
    }
}
