import CTorch
import Foundation

/// What the processor multiplies with: one choice a process, made before the first product.
///
/// Every product of a process takes the same path and sums in the same order, so that sampling and
/// training are one arithmetic. `PRECEPTOR_CPU` makes a better processor behave as a lesser one.
public enum Processor {
    /// The path: `amx`, `avx512_bf16`, `avx512`, `avx2` or `portable`.
    public static var path: String { String(cString: ct_processor_path()) }

    /// Whether bf16 is multiplied as it is; elsewhere it is widened to f32 tile by tile.
    public static var multipliesBF16: Bool { ct_multiplies_bf16() }

    /// The instruction set that libtorch's own operators use here, such as `AVX2`.
    public static var libtorchCapability: String { String(cString: ct_libtorch_capability()) }

    /// The processor as its maker calls it.
    public static var name: String {
        field("model name") ?? field("CPU part") ?? "unknown processor"
    }

    /// Instruction sets that products of this project or libtorch's can use, as the system names
    /// them.
    public static var instructionSets: [String] {
        let known = [
            "sse4_2", "avx", "fma", "avx2", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16",
            "avx512_fp16", "amx_bf16", "amx_int8", "asimd", "bf16", "sve",
        ]
        let words = (field("flags") ?? field("Features") ?? "").split(separator: " ")
        return known.filter { words.contains(Substring($0)) }
    }

    /// - Throws: ``ProcessorError`` when `PRECEPTOR_CPU` names what is not there.
    public static func check() throws(ProcessorError) {
        let fault = String(cString: ct_processor_fault())
        if !fault.isEmpty { throw ProcessorError(description: fault) }
    }

    /// The first value of a field of Linux's list of processors.
    private static func field(_ name: String) -> String? {
        let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
        guard let line, let colon = line.firstIndex(of: ":") else { return nil }
        return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
}

/// `PRECEPTOR_CPU` names a path that is unknown or more than the processor has.
public struct ProcessorError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
}
