import CTorch

/// Where a tensor lives.
public enum Device: Sendable, Hashable, CustomStringConvertible {
    case cpu
    case cuda(Int)
    case mps

    /// Parses `cpu`, `cuda`, `cuda:1` or `mps` and checks that this machine has it.
    ///
    /// - Throws: ``DeviceError`` when the name is unknown or the device is not there.
    public init(named name: String) throws(DeviceError) {
        switch name {
        case "cpu": self = .cpu
        case "mps": self = .mps
        case "cuda": self = .cuda(0)
        default:
            let digits = name.dropFirst("cuda:".count)
            guard name.hasPrefix("cuda:"), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
                let index = Int(digits)
            else { throw .unknown(name) }
            self = .cuda(index)
        }
        try check()
    }

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        case .mps: "mps"
        }
    }

    private func check() throws(DeviceError) {
        switch self {
        case .cpu: return
        case .mps: if !Self.hasMPS { throw .missing(self, count: 0) }
        case .cuda(let index):
            let count = Self.cudaCount
            if index >= count { throw .missing(self, count: count) }
        }
    }

    /// CUDA devices that this libtorch can use.
    public static var cudaCount: Int { Int(ct_cuda_device_count()) }

    /// Whether Metal can be used.
    public static var hasMPS: Bool { ct_mps_available() }

    /// c10's device type and index.
    var code: (type: Int8, index: Int8) {
        switch self {
        case .cpu: (0, -1)
        case .cuda(let index): (1, Int8(truncatingIfNeeded: index))
        case .mps: (13, 0)
        }
    }

    init(code type: Int8, index: Int8) {
        switch type {
        case 1: self = .cuda(max(0, Int(index)))
        case 13: self = .mps
        default: self = .cpu
        }
    }
}

/// A device that cannot be used.
public enum DeviceError: Error, Sendable, Equatable, CustomStringConvertible {
    case unknown(String)
    case missing(Device, count: Int)

    public var description: String {
        switch self {
        case .unknown(let name): "unknown device '\(name)': say cpu, cuda, cuda:N or mps"
        case .missing(.mps, _): "device mps: Metal is not available to this libtorch"
        case .missing(let device, let count):
            "device \(device): this libtorch sees \(count) CUDA device\(count == 1 ? "" : "s")"
        }
    }
}
