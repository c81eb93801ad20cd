import Alignment
import ArgumentParser
import FileFormats
import Foundation
import Models
import Recipes
import Tokenizers
import Torch

/// `preceptor compose`
struct Compose: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a vision tower before a text model: a folder in LLaVA's layout.",
        discussion: """
            The projector between them is new and knows nothing yet; Documentation/Vision.md tells \
            how to train it. The parts are left as they are.
            """)

    @Option(help: "The text model: smollm2-135m, a GGUF file, or a Hugging Face folder.")
    var decoder = ModelLocator.defaultName

    @Option(help: "The tower: a Hugging Face folder of CLIP, SigLIP or DINOv2.")
    var tower: String

    @Option(help: "The tower's layer whose output is projected; negative ones count from the last.")
    var featureLayer = -2

    @Option(help: "What the weights are stored in: f32 or bf16.")
    var dtype = WeightType.bf16

    @Option(help: "Seed of the new projector.")
    var seed: UInt64 = 0

    @Option(help: "The folder to write; it must not be there yet.")
    var output: String

    func run() throws {
        let target = URL(filePath: output)
        guard !FileManager.default.fileExists(atPath: target.path) else {
            throw ValidationError("\(output) is there already")
        }
        try Runtime.start()
        let text = try ModelLocator.locate(decoder)
        let (tokenizer, id) = try tokenizer(of: text).adding(special: "<image>")
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFolder.write(to: target) { folder in
            try tokenizer.write(to: folder, imageToken: ImageToken(id: id, in: tokenizer))
            try LlavaFolder.write(
                LlavaFolder.Parts(
                    decoder: text, tower: URL(filePath: tower), imageTokenID: id,
                    featureLayer: featureLayer, seed: seed, dtype: dtype.dtype),
                to: folder)
        }
        Output.print(output)
    }

    private func tokenizer(of text: URL) throws -> Tokenizer {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: text.path, isDirectory: &isFolder)
        return isFolder.boolValue
            ? try Tokenizer(folder: text)
            : try Tokenizer(ggufMetadata: GGUF(url: text).metadata, source: text.path)
    }
}
