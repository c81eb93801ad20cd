import Records
import Torch

/// What the tower made of images, the least recently used forgotten first.
struct FeatureCache {
    private struct Entry {
        let features: Tensor
        var used: Int
    }

    /// Bytes that are kept at most, but for one image that is larger; 0 keeps nothing.
    private let limit: Int
    private var entries: [ImageReference: Entry] = [:]
    private var bytes = 0
    private var clock = 0

    init(limit: Int) { self.limit = limit }

    mutating func features(of reference: ImageReference) -> Tensor? {
        clock += 1
        entries[reference]?.used = clock
        return entries[reference]?.features
    }

    mutating func insert(_ features: Tensor, for reference: ImageReference) {
        guard limit > 0 else { return }
        clock += 1
        forget(reference)
        entries[reference] = Entry(features: features, used: clock)
        bytes += features.byteCount
        while bytes > limit, entries.count > 1,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })
        {
            forget(oldest.key)
        }
    }

    private mutating func forget(_ reference: ImageReference) {
        bytes -= entries.removeValue(forKey: reference)?.features.byteCount ?? 0
    }
}
