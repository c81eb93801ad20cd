import ArgumentParser
import Foundation
import Images
import Torch

/// `preceptor doctor`
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what this machine has and which kernels are used on it.",
        discussion: """
            One path is chosen at the start of a process, and all of its products take it: \
            amx, avx512_bf16, avx512, avx2 or portable. PRECEPTOR_CPU names a lesser one, and sets the \
            limits of libtorch's libraries with it.
            """)

    @OptionGroup var engine: EngineOptions

    func run() throws {
        let device = try engine.start()
        let rows = processor + memory + devices(device) + images
        let width = rows.map(\.name.count).max() ?? 0
        for row in rows {
            Output.print(
                row.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + row.value)
        }
    }

    private typealias Row = (name: String, value: String)

    private var processor: [Row] {
        let limit = ProcessInfo.processInfo.environment["PRECEPTOR_CPU"].map {
            " (PRECEPTOR_CPU=\($0))"
        }
        let group = ControlGroup()
        let quota = group.processorLimit.map {
            String(format: ", %.1f granted by the control group", $0)
        }
        return [
            ("processor", Processor.name),
            ("instruction sets", Processor.instructionSets.joined(separator: " ")),
            ("kernels", Processor.path + (limit ?? "")),
            (
                "bf16",
                Processor.multipliesBF16
                    ? "stored and multiplied" : "stored; widened to f32 where it is multiplied"
            ),
            (
                "speed",
                String(
                    format: "%.0f GFLOP/s in bf16, %.0f in f32",
                    Runtime.measuredSpeed(.bfloat16) / 1e9, Runtime.measuredSpeed(.float32) / 1e9)
            ),
            (
                "threads",
                "\(Runtime.threads) of \(ProcessInfo.processInfo.activeProcessorCount) processors"
                    + (quota ?? "")
            ),
            ("libtorch", "\(Runtime.libtorchVersion), \(Processor.libtorchCapability)"),
        ]
    }

    private var images: [Row] {
        let reader: String
        do throws(ImageProblem) {
            reader =
                try DicomWorker.shared.isConfined()
                ? "read by a process that may only compute"
                : "read by a process with limits; this system has no filter of its calls"
        } catch {
            reader = "\(error)"
        }
        return [("DICOM files", reader)]
    }

    private var memory: [Row] {
        guard let memory = SystemMemory() else { return [("memory", "unknown")] }
        let limit = ControlGroup().memoryLimit.map { ", limited to \(gigabytes($0))" } ?? ""
        return [
            ("memory", "\(gigabytes(memory.total)), \(gigabytes(memory.available)) free\(limit)")
        ]
    }

    private func devices(_ chosen: Device) -> [Row] {
        let others = (0..<Device.cudaCount).map { Device.cuda($0) } + (Device.hasMPS ? [.mps] : [])
        return [
            ("devices", ([.cpu] + others).map(\.description).joined(separator: " ")),
            ("device", chosen.description),
        ]
    }

    private func gigabytes(_ bytes: Int) -> String {
        String(format: "%.1f GB", Double(bytes) / 1e9)
    }
}
