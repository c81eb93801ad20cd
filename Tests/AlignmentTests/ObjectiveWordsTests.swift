import Objectives
import Optimizers
import Recipes
import Testing

@testable import Alignment

/// The words of recipes stand for the variants of the same name, and what a recipe lets through
/// makes an objective.
struct ObjectiveWordsTests {
    @Test func wordsStandForTheirNamesakes() {
        #expect(SchedulerType.allCases.allSatisfy { $0.shape.rawValue == $0.rawValue })
        #expect(SupervisedLossType.allCases.allSatisfy { $0.objective.rawValue == $0.rawValue })
        #expect(PolicyLossType.allCases.allSatisfy { $0.kind.rawValue == $0.rawValue })
        #expect(ImportanceSamplingLevel.allCases.allSatisfy { $0.level.rawValue == $0.rawValue })
        #expect(RewardScale.allCases.allSatisfy { $0.scale.rawValue == $0.rawValue })
        #expect(RewardAggregation.allCases.allSatisfy { $0.aggregation.rawValue == $0.rawValue })
        #expect(DivergenceEstimator.allCases.allSatisfy { $0.estimator.rawValue == $0.rawValue })
    }

    @Test func noVariantLacksAWord() {
        #expect(SchedulerType.allCases.count == Schedule.Shape.allCases.count)
        #expect(SupervisedLossType.allCases.count == SupervisedLoss.allCases.count)
        #expect(PolicyLossType.allCases.count == PolicyLoss.Kind.allCases.count)
        #expect(
            PreferenceLossType.allCases.filter(\.needsReference).map(\.rawValue)
                == PreferenceLoss.Kind.allCases.map(\.rawValue))
    }

    @Test(arguments: PreferenceLossType.allCases)
    func preferenceLosses(type: PreferenceLossType) throws {
        var settings = PreferenceSettings()
        settings.lossType = type
        settings.labelSmoothing = 0.1
        let objective = try settings.objective()
        #expect(objective.needsReference == type.needsReference)
        if case .preference(let loss) = objective { #expect(loss.kind.rawValue == type.rawValue) }
    }

    /// Recipe and objective refuse the same, of the same key and in the same words.
    @Test(arguments: [
        ("beta", PreferenceLossType.sigmoid, 0, 0.05, 0), ("discopop_tau", .discopop, 0.1, 0, 0),
        ("label_smoothing", .robust, 0.1, 0.05, 0.5), ("label_smoothing", .exoPair, 0.1, 0.05, 0),
    ])
    func refusals(
        key: String, type: PreferenceLossType, beta: Double, tau: Double, smoothing: Double
    ) {
        var recipe = PreferenceRecipe()
        recipe.method.lossType = type
        recipe.method.beta = beta
        recipe.method.discopopTau = tau
        recipe.method.labelSmoothing = smoothing
        let method = recipe.method
        let fault = #expect(throws: RecipeFault.self) { try method.check(recipe.settings) }
        let error = #expect(throws: ObjectiveError.self) { _ = try method.objective() }
        #expect(fault?.key == key && error?.setting == key)
        #expect(fault?.reason == error?.reason)
    }
}
