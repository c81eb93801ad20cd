import CTorch

/// A seeded source of random numbers on one device.
public final class Generator {
    let handle: CTGenerator

    public init(seed: UInt64, device: Device = .cpu) {
        guard let handle = ct_generator_create(device.code.type, device.code.index, seed) else {
            Runtime.fail("a generator on \(device)")
        }
        self.handle = handle
    }

    deinit { ct_generator_release(handle) }

    /// The whole state as bytes; setting it continues the stream from there.
    public var state: [UInt8] {
        get {
            guard let state = ct_generator_state(handle) else { Runtime.fail("generator state") }
            return Tensor(owned: state).values(UInt8.self)
        }
        set {
            let state = Tensor(newValue)
            if ct_generator_set_state(handle, state.handle) != 0 { Runtime.fail("generator state") }
        }
    }
}
