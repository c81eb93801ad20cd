import Foundation
import Recipes
import TestSupport
import Testing

/// What an earlier version wrote: a run that it began goes on, because the recipe's text and
/// fingerprint are the same to the byte.
struct WrittenRecipeTests {
    private static let folder = TestFiles.fixtures.appending(path: "recipes")

    private func check<R: Recipe & Equatable>(
        _: R.Type, _ method: String, _ fingerprint: String
    ) throws {
        let recipe = try RecipeReader.read(
            R.self, file: Self.folder.appending(path: "\(method).yaml"), overrides: [])
        let written = Self.folder.appending(path: "\(method)-written.yaml")
        #expect(
            try RecipeReader.yaml(recipe) == String(contentsOf: written, encoding: .utf8),
            "\(method)")
        #expect(try RecipeReader.fingerprint(recipe) == fingerprint, "\(method)")
        #expect(try RecipeReader.read(R.self, file: written, overrides: []) == recipe)
    }

    @Test func everyMethodsRecipe() throws {
        try check(
            SupervisedRecipe.self, "sft",
            "c8519ca720b3a3b30ad243d44c44475bfd669f976e495b5a2128906371abde93")
        try check(
            RewardModelRecipe.self, "reward",
            "ed4c08c2dca4932487c31de6da9052fdc55d22185d0a2a1bae2ef078f2f7ab34")
        try check(
            PreferenceRecipe.self, "dpo",
            "70942334c1412ab30b67538e9fd90b514ec56808bdf7e10b45bc40f9a6d5d439")
        try check(
            KTORecipe.self, "kto",
            "5baf714c2065130540aee2698534a2919f57f76fa72ead83d0f83035632b784d")
        try check(
            PPORecipe.self, "ppo",
            "c7bca1f193637aa05420c2df7ca620e786658bf4c4f8c972ab452851fe252ee6")
        try check(
            GRPORecipe.self, "grpo",
            "91325bc9e442a830306044e22cd3cec9c042d8d49267d7dcf31448f7154086ef")
        try check(
            RLOORecipe.self, "rloo",
            "30714a3d98c1f9f0e2d2e69323e01edda4689b364896a2d2cf945df711ce6beb")
    }
}
