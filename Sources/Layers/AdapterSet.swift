import Torch

/// The adapters of one name on the parts of a layer, in the form the kernels take.
final class AdapterSet {
    let starts: [Int]
    let scales: [Double]
    let a: [Tensor]
    let b: [Tensor]
    /// One share for all parts: they have one configuration.
    let dropout: Double
    private var cache: (versions: [Int], pair: (a: Tensor, b: Tensor))?

    /// nil when no part has an adapter of that name.
    init?(_ name: AdapterName, of parts: [Linear.Part]) {
        let adapted = parts.filter { $0.adapters[name] != nil }
        let adapters = adapted.compactMap { $0.adapters[name] }
        guard let first = adapters.first else { return nil }
        starts = adapted.map(\.rows.lowerBound)
        scales = adapters.map(\.settings.scale)
        a = adapters.map(\.a)
        b = adapters.map(\.b)
        dropout = first.settings.dropout
    }

    /// The form that passes without gradients take, made anew when a weight changed.
    func packed(for weight: FrozenWeight) -> (a: Tensor, b: Tensor) {
        let versions = a.map(\.version) + b.map(\.version)
        if let cache, cache.versions == versions { return cache.pair }
        let pair = Tensor.packAdapters(
            for: weight.stored, starts: starts, scales: scales, a: a, b: b)
        cache = (versions, pair)
        return pair
    }
}
