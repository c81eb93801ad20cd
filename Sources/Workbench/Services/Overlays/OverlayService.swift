import Feedback
import Foundation
import Records

/// Asks the version that gave an answer where it looked.
package struct OverlayService: OverlayMaking {
    private let store: FeedbackStore
    private let engine: any Engine

    package init(store: FeedbackStore, engine: any Engine) {
        self.store = store
        self.engine = engine
    }

    /// - Throws: `ServiceError.invalid` where the model saw no such image with the answer.
    package func overlay(
        of traceID: Int64, image place: Int, _ map: OverlayMap
    ) async throws(ServiceError) -> Data {
        let store = store
        let (trace, sampling) = try await serving {
            let trace = try await store.samplings.trace(traceID)
            return (trace, try await store.samplings.find(trace.samplingID))
        }
        guard sampling.images.indices.contains(place) else {
            throw .invalid("the model saw \(sampling.images.count) images with this answer")
        }
        return try await serving {
            try await engine.explain(
                EngineExplain(
                    adapter: try await store.versions.find(trace.versionID).adapter,
                    prompt: sampling.prompt, images: try store.references(sampling.images),
                    completion: trace.text, place: place, map: map))
        }
    }
}
