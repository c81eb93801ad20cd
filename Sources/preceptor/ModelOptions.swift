import Alignment
import ArgumentParser
import Foundation
import Generation
import Recipes
import Torch

/// Which device and how many threads.
struct EngineOptions: ParsableArguments {
    @Option(help: "cpu, cuda, cuda:N or mps.")
    var device = "cpu"

    @Option(help: "CPU threads; all that the process may keep busy when left out.")
    var threads: Int?

    func validate() throws { try NumberRange.require(threads, "--threads", 1..., most: 4096) }

    /// Starts the engine and finds the device.
    func start() throws -> Device {
        try Runtime.start(threads: threads)
        return try Device(named: device)
    }
}

extension WeightType: ExpressibleByArgument {}

/// Which model, on which device.
struct ModelOptions: ParsableArguments {
    @Option(help: "smollm2-135m, a GGUF file, or a Hugging Face folder.")
    var model = ModelLocator.defaultName

    @Option(help: "A folder with a PEFT LoRA adapter to put on the model.")
    var adapter: String?

    @Option(help: "What weights are held and multiplied in: f32 or bf16.")
    var dtype = WeightType.bf16

    @Option(help: "Most pixels of an image, for Qwen's processors; the model's own when left out.")
    var maxPixels: Int?

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        try NumberRange.require(maxPixels, "--max-pixels", 1...)
    }

    /// Loads what the options name.
    func load() throws -> LanguageModel {
        let device = try engine.start()
        let loaded = try LanguageModel.load(
            ModelLocator.locate(model), dtype: dtype.dtype, device: device, maxPixels: maxPixels)
        if let adapter { try loaded.attachAdapter(URL(filePath: adapter)) }
        return loaded
    }
}
