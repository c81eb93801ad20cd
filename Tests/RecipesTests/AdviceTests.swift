import Foundation
import TestSupport
import Testing

@testable import Recipes

/// Keys that errors and advice name are keys of a recipe.
struct AdviceTests {
    /// Every key of every method's recipe.
    private static let keys = Set((try? ListedKey.all())?.map(\.key.name) ?? [])

    /// Words with an underscore that are something else: a loss, a curve, an operator, a column.
    private static let others: Set = [
        "exo_pair", "eval_loss", "grad_norm", "from_blob", "image_name", "apo_zero_unpaired",
        "multi_modal_projector",
    ]

    /// The targets that speak of recipes; the engine does when memory runs out.
    private static let targets = [
        "Recipes", "Alignment", "Objectives", "Optimizers", "preceptor", "Torch",
    ]

    private func sources(of target: String) throws -> [(name: String, text: String)] {
        let folder = TestFiles.root.appending(path: "Sources/\(target)")
        let files = FileManager.default.enumerator(atPath: folder.path)?.allObjects ?? []
        return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map {
            ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        }
    }

    /// Words with an underscore in quoted texts that hold a space, which is what a person reads.
    @Test func namedKeysExist() throws {
        var found: Set<String> = []
        for target in Self.targets {
            for (name, source) in try sources(of: target) {
                for literal in source.matches(of: /"(?:[^"\\\n]|\\.)*"/) {
                    let text = String(literal.output)
                    guard text.contains(" ") else { continue }
                    for word in text.matches(of: /[a-z]+(?:_[a-z0-9]+)+/) {
                        let word = String(word.output)
                        guard !Self.others.contains(word) else { continue }
                        #expect(Self.keys.contains(word), "\(target)/\(name) names \(word)")
                        found.insert(word)
                    }
                }
            }
        }
        #expect(found.isSuperset(of: ["output_dir", "gradient_accumulation_steps"]), "\(found)")
    }

    /// A fault says which key it is about.
    @Test func faultsAreAboutKeys() throws {
        var found: Set<String> = []
        for (name, source) in try sources(of: "Recipes") {
            let faults = source.matches(of: /RecipeFault(?:\.require)?\([^"]*"([a-z_]+)",/)
            for key in faults.map(\.output.1).map(String.init) {
                #expect(Self.keys.contains(key), "\(name) is about \(key)")
                found.insert(key)
            }
        }
        let some: Set = ["train_files", "validation_by", "delta", "num_mini_batches"]
        #expect(found.isSuperset(of: some), "\(found)")
    }
}
