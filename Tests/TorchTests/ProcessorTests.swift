import Foundation
import KernelTestSupport
import Testing
import Torch
import TorchTestSupport

/// The choice of a path, and the check that a path must pass.
struct ProcessorTests {
    init() { startEngine() }

    @Test(arguments: 0..<kt_path_count()) func everyPathOfThisProcessorAgrees(path: Int32) {
        guard kt_has_path(path) else { return }
        #expect(kt_path_agrees(path), "\(String(cString: kt_path_name(path)))")
    }

    @Test func theCheckSeesAnotherOrderOfTheSums() {
        #expect(!kt_halves_agree())
    }

    @Test func theCheckSeesAWrongOutput() {
        #expect(!kt_missing_output_agrees())
    }

    @Test func thePathIsTheLimitOrTheBest() {
        let limit = ProcessInfo.processInfo.environment["PRECEPTOR_CPU"]
        let best = (0..<kt_path_count()).last { kt_has_path($0) }.map {
            String(cString: kt_path_name($0))
        }
        #expect(Processor.path == limit ?? best)
        #expect(Processor.multipliesBF16 == ["avx512_bf16", "amx"].contains(Processor.path))
    }

    /// A lesser processor is one for libtorch's own operators, too.
    @Test func librariesFollowTheLimit() {
        let limits = [
            "portable": "DEFAULT", "avx2": "AVX2", "avx512": "AVX512",
            "avx512_bf16": "AVX512", "amx": "AVX512",
        ]
        guard let limit = ProcessInfo.processInfo.environment["PRECEPTOR_CPU"],
            let capability = limits[limit]
        else { return }
        #expect(Processor.libtorchCapability == capability)
    }
}
