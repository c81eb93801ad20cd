import Torch

/// Keys and values of the tokens that sequences have already passed, one slot a sequence.
public final class KeyValueCache {
    /// Tokens each slot holds.
    public private(set) var counts: [Int]
    /// Tokens a slot can hold.
    public private(set) var capacity: Int
    /// [slots, capacity, KV d], one a layer.
    private(set) var keys: [Tensor]
    private(set) var values: [Tensor]

    public init(
        _ configuration: DecoderConfiguration, slots: Int, capacity: Int, dtype: DType,
        device: Device
    ) {
        let shape = [slots, capacity, configuration.keyValueHeads * configuration.headSize]
        keys = (0..<configuration.layers).map { _ in .empty(shape, dtype, on: device) }
        values = (0..<configuration.layers).map { _ in .empty(shape, dtype, on: device) }
        counts = Array(repeating: 0, count: slots)
        self.capacity = capacity
    }

    /// Gives `targets` what slot `source` holds: one prefill serves many samples.
    public func copy(from source: Int, to targets: [Int]) {
        let count = counts[source]
        for cache in keys + values {
            let rows = cache.select(0, source).slice(0, 0..<count)
            for target in targets where target != source {
                cache.select(0, target).slice(0, 0..<count).copy_(rows)
            }
        }
        for target in targets { counts[target] = count }
    }

    /// Makes room for more slots or longer ones; what they hold stays.
    public func grow(slots: Int, capacity: Int) {
        precondition(slots >= counts.count && capacity >= self.capacity, "a cache only grows")
        for layer in keys.indices {
            keys[layer] = grown(keys[layer], slots, capacity)
            values[layer] = grown(values[layer], slots, capacity)
        }
        counts += Array(repeating: 0, count: slots - counts.count)
        self.capacity = capacity
    }

    private func grown(_ cache: Tensor, _ slots: Int, _ capacity: Int) -> Tensor {
        let result = Tensor.empty([slots, capacity, cache.size(2)], cache.dtype, on: cache.device)
        for (slot, count) in counts.enumerated() where count > 0 {
            result.select(0, slot).slice(0, 0..<count)
                .copy_(cache.select(0, slot).slice(0, 0..<count))
        }
        return result
    }

    /// Empties a slot.
    public func clear(_ slot: Int) { counts[slot] = 0 }

    func advance(_ slots: [Int], by lengths: [Int]) {
        for (slot, length) in zip(slots, lengths) { counts[slot] += length }
    }
}

/// The slots that the sequences of one batch continue.
public struct CachedSequences {
    public let cache: KeyValueCache
    public let slots: [Int]

    public init(cache: KeyValueCache, slots: [Int]) {
        self.cache = cache
        self.slots = slots
    }
}
