import Foundation
import Generation
import Layers
import Recipes

/// The frozen policy that a method compares with: the base model, or an adapter that is not
/// trained. It shares the trunk with the policy, so it costs no memory of its own.
struct ReferencePolicy {
    /// nil: all adapters off.
    let adapter: AdapterName?

    private static let name: AdapterName = "reference"

    /// What a recipe's `reference` means: `start` is the policy before training, which is the base
    /// model unless the run goes on from an adapter; `base` the model without adapters; anything
    /// else the folder of an adapter.
    ///
    /// - Throws: ``FormatError`` or ``AdapterError`` where an adapter cannot be read.
    init(_ reference: String, _ settings: TrainingSettings, model: LanguageModel) throws {
        let folder = reference == "start" ? settings.adapter : reference
        if folder.isEmpty || folder == "base" {
            adapter = nil
        } else {
            try model.attachAdapter(URL(filePath: folder), name: Self.name)
            adapter = Self.name
        }
    }

    /// Runs `body` as this policy.
    func run<Result>(on model: LanguageModel, _ body: () throws -> Result) rethrows -> Result {
        guard let adapter else { return try model.decoder.adapters.disabled(body) }
        return try model.decoder.adapters.with(adapter, body)
    }
}
