import Feedback

/// What the routes work with.
package struct WorkbenchServices: Sendable {
    package let store: FeedbackStore
    package let sampling: any CaseSampling
    package let updates: any ModelUpdating
    package let mathematics: any JudgementMathematics
    /// Nil where cases have no images.
    package let images: (any ImageRendering)?
    package let overlays: (any OverlayMaking)?

    package init(
        store: FeedbackStore, sampling: any CaseSampling, updates: any ModelUpdating,
        mathematics: any JudgementMathematics, images: (any ImageRendering)? = nil,
        overlays: (any OverlayMaking)? = nil
    ) {
        self.store = store
        self.sampling = sampling
        self.updates = updates
        self.mathematics = mathematics
        self.images = images
        self.overlays = overlays
    }
}
