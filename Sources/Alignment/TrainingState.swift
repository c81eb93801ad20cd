import Checkpoints
import FileFormats
import Foundation
import Models
import Optimizers
import Torch

/// Everything a run carries from step to step, and its form on the disk.
struct TrainingState {
    let decoder: Decoder
    let adapter: AdapterConfiguration
    let optimizer: AdamW
    /// Streams whose place must survive.
    let generators: [String: Generator]

    /// The numbers beside the tensors.
    struct Record: Codable {
        var step = 0
        var generators: [String: Data] = [:]
        /// Tokens trained on so far.
        var tokens = 0
        var window = LoggingWindow()
        /// Lowest validation loss so far, and the step it was measured at.
        var bestLoss: Double?
        var bestStep: Int?

        /// Counts one more step.
        mutating func add(_ report: StepReport, seconds: Double) {
            step += 1
            tokens += report.tokens
            window.add(report, seconds: seconds)
        }
    }

    /// Writes `checkpoint-N`: whole and checksummed, or not at all.
    func save(_ record: Record, to url: URL) throws(FormatError) {
        try AtomicFolder.write(to: url) { folder in
            try AdapterFiles.write(adapter, decoder.adapterModules(), to: folder)
            try TensorFile.write(optimizer.state, to: folder.appending(path: Self.optimizerName))
            var record = record
            record.generators = generators.mapValues { Data($0.state) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            try AtomicFile.write(
                encoder.encode(record), to: folder.appending(path: Self.recordName))
            try Checksums.writeManifest(folder: folder)
        }
    }

    /// Continues from a checkpoint that verifies.
    ///
    /// - Throws: ``FormatError`` when a file is missing, damaged, or of another run; nothing has
    ///   been changed then.
    func restore(from url: URL) throws(FormatError) -> Record {
        try Checksums.verify(folder: url)
        let record = try Self.record(url.appending(path: Self.recordName))
        let (_, modules, _) = try AdapterFiles.read(url)
        let moments = try SafetensorsWeights(url: url.appending(path: Self.optimizerName))
        let current = decoder.adapterModules()
        guard current.map(\.path) == sorted(modules, like: current).map(\.path) else {
            throw FormatError(file: url.path, reason: "holds other adapters than the run's")
        }
        for (name, tensor) in optimizer.state where moments.shape(of: name) != tensor.shape {
            throw FormatError(file: moments.origin, item: name, reason: "is missing or misshapen")
        }
        try withoutGradients { () throws(FormatError) in
            for (mine, saved) in zip(current, sorted(modules, like: current)) {
                mine.a.copy_(saved.a)
                mine.b.copy_(saved.b)
            }
            try optimizer.restore(step: record.step) { name throws(FormatError) in
                try moments.tensor(name)
            }
        }
        for (name, generator) in generators {
            if let state = record.generators[name] { generator.state = Array(state) }
        }
        return record
    }

    private static let optimizerName = "optimizer.safetensors"
    private static let recordName = "state.json"

    private static func record(_ url: URL) throws(FormatError) -> Record {
        do {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            return try decoder.decode(Record.self, from: Data(contentsOf: url))
        } catch {
            throw FormatError(file: url.path, reason: "is missing or damaged")
        }
    }

    private func sorted(
        _ modules: [AdapterFiles.Module], like order: [AdapterFiles.Module]
    ) -> [AdapterFiles.Module] {
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1.path, $0) })
        return modules.sorted { places[$0.path, default: .max] < places[$1.path, default: .max] }
    }
}
