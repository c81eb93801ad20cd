extension Tensor {
    /// Zeros.
    public static func zeros(_ shape: [Int], _ dtype: DType = .float32, on device: Device = .cpu)
        -> Tensor
    {
        Operators.zeros(.ints(shape), .dtype(dtype), .none, .device(device))
    }

    /// Ones.
    public static func ones(_ shape: [Int], _ dtype: DType = .float32, on device: Device = .cpu)
        -> Tensor
    {
        Operators.ones(.ints(shape), .dtype(dtype), .none, .device(device))
    }

    /// One value everywhere.
    public static func full(
        _ shape: [Int], _ value: Double, _ dtype: DType = .float32, on device: Device = .cpu
    ) -> Tensor {
        Operators.full(.ints(shape), .double(value), .dtype(dtype), .none, .device(device))
    }

    /// Memory that is not yet written.
    public static func empty(_ shape: [Int], _ dtype: DType = .float32, on device: Device = .cpu)
        -> Tensor
    {
        Operators.empty(.ints(shape), .dtype(dtype), .none, .device(device))
    }

    /// `start, start + step, ...` below `end`, as int64.
    public static func arange(_ start: Int, _ end: Int, step: Int = 1, on device: Device = .cpu)
        -> Tensor
    {
        Operators.arange(
            .int(start), .int(end), .int(step), .dtype(.int64), .none, .device(device))
    }

    /// Standard normal draws, f32, on the CPU.
    public static func randn(_ shape: [Int], generator: Generator) -> Tensor {
        Operators.randn(.ints(shape), .generator(generator), .dtype(.float32))
    }

    /// Uniform draws in [0, 1), f32, on the CPU.
    public static func rand(_ shape: [Int], generator: Generator) -> Tensor {
        Operators.rand(.ints(shape), .generator(generator), .dtype(.float32))
    }

    /// Uniform integers in [low, high), int64, on the CPU.
    public static func randint(_ low: Int, _ high: Int, _ shape: [Int], generator: Generator)
        -> Tensor
    {
        Operators.randint(
            .int(low), .int(high), .ints(shape), .generator(generator), .dtype(.int64))
    }

    /// Zeros and ones, one with probability `p`, in self's shape, dtype and device.
    public func bernoulli(_ p: Double, generator: Generator) -> Tensor {
        Operators.bernoulli(.tensor(self), .double(p), .generator(generator))
    }

    /// The same values in another element type; self when it already has it.
    public func to(_ dtype: DType) -> Tensor {
        dtype == self.dtype ? self : Operators.toCopy(.tensor(self), .dtype(dtype))
    }

    /// The same values on another device; self when it already is there.
    public func to(_ device: Device) -> Tensor {
        device == self.device
            ? self : Operators.toCopy(.tensor(self), .none, .none, .device(device))
    }
}
