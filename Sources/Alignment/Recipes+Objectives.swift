import Objectives
import Optimizers
import Recipes
import Torch

// What a recipe's words stand for in the parts, which never see a recipe.

extension WeightType {
    /// The type of the weights' elements.
    public var dtype: DType {
        switch self {
        case .f32: .float32
        case .bf16: .bfloat16
        }
    }
}

extension SchedulerType {
    var shape: Schedule.Shape {
        switch self {
        case .constant: .constant
        case .linear: .linear
        case .cosine: .cosine
        }
    }
}

extension SupervisedLossType {
    var objective: SupervisedLoss {
        switch self {
        case .nll: .nll
        case .dft: .dft
        }
    }
}

extension PreferenceSettings {
    /// - Throws: ``ObjectiveError`` for settings that the recipe's own check refuses too.
    func objective() throws(ObjectiveError) -> PairObjective {
        func preference(_ kind: PreferenceLoss.Kind) throws(ObjectiveError) -> PairObjective {
            .preference(
                try PreferenceLoss(
                    kind, beta: beta, labelSmoothing: labelSmoothing, discopopTau: discopopTau))
        }
        return switch lossType {
        case .sigmoid: try preference(.sigmoid)
        case .hinge: try preference(.hinge)
        case .ipo: try preference(.ipo)
        case .robust: try preference(.robust)
        case .discopop: try preference(.discopop)
        case .exoPair: try preference(.exoPair)
        case .ncaPair: try preference(.ncaPair)
        case .sppoHard: try preference(.sppoHard)
        case .apoZero: try preference(.apoZero)
        case .apoDown: try preference(.apoDown)
        case .bcoPair: try preference(.bcoPair)
        case .orpo: .orpo(ORPOLoss(beta: beta))
        case .simpo:
            .simpo(SimPOLoss(beta: beta, gamma: simpoGamma, labelSmoothing: labelSmoothing))
        }
    }
}

extension PolicyLossType {
    var kind: PolicyLoss.Kind {
        switch self {
        case .grpo: .grpo
        case .bnpo: .bnpo
        case .dapo: .dapo
        case .cispo: .cispo
        case .drGRPO: .drGRPO
        }
    }
}

extension ImportanceSamplingLevel {
    var level: PolicyLoss.ImportanceLevel {
        switch self {
        case .token: .token
        case .sequence: .sequence
        }
    }
}

extension RewardScale {
    var scale: GroupAdvantages.Scale {
        switch self {
        case .group: .group
        case .batch: .batch
        case .none: .none
        }
    }
}

extension RewardAggregation {
    var aggregation: GroupAdvantages.Aggregation {
        switch self {
        case .sumThenNormalize: .sumThenNormalize
        case .normalizeThenSum: .normalizeThenSum
        }
    }
}

extension DivergenceEstimator {
    var estimator: KLEstimator {
        switch self {
        case .k1: .k1
        case .k3: .k3
        }
    }
}

extension PPOKeys {
    var controller: KLController {
        KLController(
            coefficient: klCoef,
            target: klTarget > 0
                ? KLController.Target(divergence: klTarget, horizon: klHorizon) : nil)
    }
}
