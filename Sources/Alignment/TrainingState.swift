import Checkpoints
import FileFormats
import Foundation
import Layers
import Models
import Optimizers
import Torch

/// An adapter that a run trains, with the head that is trained beside it, if any.
struct TrainedAdapter {
    let name: AdapterName
    let configuration: AdapterConfiguration
    let head: ScoreHead?

    /// Trainable tensors with names for the optimizer's state.
    func parameters(_ decoder: Decoder) -> [(name: String, tensor: Tensor)] {
        let prefix = name == .default ? "" : "\(name.rawValue)."
        let matrices = decoder.adapterModules(name).flatMap {
            [("\(prefix)\($0.path).lora_A", $0.a), ("\(prefix)\($0.path).lora_B", $0.b)]
        }
        let whole = decoder.savedTensors(name).map { ("\(prefix)\($0.name)", $0.tensor) }
        return matrices + whole + (head.map { [("\(prefix)score", $0.weight)] } ?? [])
    }

    func write(_ decoder: Decoder, to folder: URL) throws(FormatError) {
        try AdapterFiles.write(
            configuration, decoder.adapterModules(name), score: head?.weight,
            saved: decoder.savedTensors(name), to: folder)
    }

    /// Its folder within a checkpoint: the default one lies at the top, where PEFT looks.
    func folder(in checkpoint: URL) -> URL {
        name == .default ? checkpoint : checkpoint.appending(path: name.rawValue)
    }
}

/// What a method carries from step to step besides weights and moments: its rollouts, its means.
struct StepMemory {
    let save: () throws -> Data
    let restore: (Data) throws -> Void
}

/// Everything a run carries from step to step, and its form on the disk.
struct TrainingState {
    let decoder: Decoder
    let adapters: [TrainedAdapter]
    let optimizer: AdamW
    /// Streams whose place must survive.
    let generators: [String: Generator]
    let memory: StepMemory?

    init(
        decoder: Decoder, adapters: [TrainedAdapter], settings: AdamW.Settings = AdamW.Settings(),
        generators: [String: Generator] = [:], memory: StepMemory? = nil
    ) {
        self.decoder = decoder
        self.adapters = adapters
        self.generators = generators
        self.memory = memory
        optimizer = AdamW(adapters.flatMap { $0.parameters(decoder) }, settings: settings)
    }

    var parameters: [Tensor] { adapters.flatMap { $0.parameters(decoder).map(\.tensor) } }

    /// Whether every weight is a finite number.
    var isFinite: Bool {
        parameters.allSatisfy { $0.detached().isFinite().all().item(Bool.self) }
    }

    /// Where the random streams stand.
    var streams: [String: Data] {
        get { generators.mapValues { Data($0.state) } }
        nonmutating set {
            for (name, generator) in generators {
                if let state = newValue[name] { generator.state = Array(state) }
            }
        }
    }

    /// The numbers beside the tensors.
    struct Record: Codable {
        /// Steps taken, whatever became of them: the place in the data.
        var step = 0
        var generators: [String: Data] = [:]
        var memory: Data?
        /// Tokens trained on so far.
        var tokens = 0
        /// Steps left out because one of their numbers was not finite; all, and in a row.
        var skipped = 0
        var skippedInARow = 0
        /// Steps without a gradient; nil in checkpoints from before they were counted.
        var empty: Int?
        /// Updates of each parameter; nil in checkpoints from before they were counted one by one.
        var optimizerSteps: [String: Int]?
        var window = LoggingWindow()
        /// Lowest validation loss so far, and the step it was measured at.
        var bestLoss: Double?
        var bestStep: Int?
        /// Validations since then; nil in checkpoints from before they were counted.
        var validationsSinceBest: Int?

        /// Updates of the weights: the place in the schedule.
        var updates: Int { step - skipped - (empty ?? 0) }

        /// Updates that each parameter took part in; all of the run's in a checkpoint from before
        /// they were counted one by one.
        ///
        /// - Throws: ``FormatError`` where one is missing.
        func updates(of names: [String], in url: URL) throws(FormatError) -> [String: Int] {
            var result: [String: Int] = [:]
            for name in names {
                guard let count = optimizerSteps.map({ $0[name] }) ?? updates else {
                    throw FormatError(file: url.path, item: name, reason: "has no count of updates")
                }
                result[name] = count
            }
            return result
        }

        /// Counts one more step.
        mutating func count(_ report: StepReport, _ verdict: StepVerdict) {
            step += 1
            switch verdict {
            case .accepted:
                tokens += report.tokens
                skippedInARow = 0
                window.add(report)
            case .empty:
                empty = (empty ?? 0) + 1
                if !report.records.isEmpty { window.add(report) }
            case .leftOut:
                skipped += 1
                skippedInARow += 1
            }
        }
    }

    /// Writes `checkpoint-N`: whole and checksummed, or not at all.
    func save(_ record: Record, to url: URL) throws {
        var record = record
        record.generators = streams
        record.optimizerSteps = optimizer.steps
        record.memory = try memory?.save()
        let numbers = try StateCoding.data(of: record)
        try AtomicFolder.write(to: url) { folder in
            for adapter in adapters {
                let place = adapter.folder(in: folder)
                try FileManager.default.createDirectory(
                    at: place, withIntermediateDirectories: true)
                try adapter.write(decoder, to: place)
            }
            try TensorFile.write(optimizer.state, to: folder.appending(path: Self.optimizerName))
            try AtomicFile.write(numbers, to: folder.appending(path: Self.recordName))
            try Checksums.writeManifest(folder: folder)
        }
    }

    /// Continues from a checkpoint that verifies.
    ///
    /// - Throws: ``FormatError`` when a file is missing, damaged, or of another run; nothing has
    ///   been changed then.
    func restore(from url: URL) throws -> Record {
        try Checksums.verify(folder: url)
        let record = try Self.record(url.appending(path: Self.recordName))
        let saved = try adapters.map { try read($0, from: url) }
        let moments = try SafetensorsWeights(url: url.appending(path: Self.optimizerName))
        for (name, tensor) in optimizer.state where moments.shape(of: name) != tensor.shape {
            throw FormatError(file: moments.origin, item: name, reason: "is missing or misshapen")
        }
        let steps = try record.updates(of: optimizer.steps.keys.sorted(), in: url)
        try withoutGradients {
            for (adapter, tensors) in zip(adapters, saved) {
                for (mine, old) in zip(adapter.parameters(decoder), tensors) {
                    mine.tensor.copy_(old)
                }
            }
            try optimizer.restore(steps: steps) { name throws(FormatError) in
                try moments.tensor(name)
            }
        }
        streams = record.generators
        if let memory, let data = record.memory { try memory.restore(data) }
        return record
    }

    private static let optimizerName = "optimizer.safetensors"
    private static let recordName = "state.json"

    /// The saved tensors of an adapter, in the order of its parameters.
    private func read(_ adapter: TrainedAdapter, from url: URL) throws -> [Tensor] {
        let folder = adapter.folder(in: url)
        let file = try AdapterFiles.read(folder)
        let modules = Dictionary(uniqueKeysWithValues: file.modules.map { ($0.path, $0) })
        let current = decoder.adapterModules(adapter.name)
        let mine = current.compactMap { modules[$0.path] }
        let fits = zip(current, mine).allSatisfy {
            $0.a.shape == $1.a.shape && $0.b.shape == $1.b.shape
        }
        let saved = Dictionary(uniqueKeysWithValues: file.saved.map { ($0.name, $0.tensor) })
        let whole = decoder.savedTensors(adapter.name)
        guard mine.count == current.count, mine.count == modules.count, fits,
            saved.count == whole.count,
            whole.allSatisfy({ saved[$0.name]?.shape == $0.tensor.shape }),
            file.score?.shape == adapter.head?.weight.shape
        else { throw FormatError(file: folder.path, reason: "holds other adapters than the run's") }
        return mine.flatMap { [$0.a, $0.b] } + whole.compactMap { saved[$0.name] }
            + [file.score].compactMap { $0 }
    }

    private static func record(_ url: URL) throws(FormatError) -> Record {
        do {
            return try StateCoding.value(Record.self, from: Data(contentsOf: url))
        } catch {
            throw FormatError(file: url.path, reason: "is missing or damaged")
        }
    }
}
