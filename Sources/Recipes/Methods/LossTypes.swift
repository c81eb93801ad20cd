// The variants of the methods, under TRL's names; equations and sources stand in Objectives.

/// What a labelled token counts in supervised fine-tuning.
public enum SupervisedLossType: String, SettingChoice {
    case nll, dft
}

/// Losses on pairs of a better and a worse answer.
public enum PreferenceLossType: String, SettingChoice {
    case sigmoid, hinge, ipo, robust, discopop
    case exoPair = "exo_pair"
    case ncaPair = "nca_pair"
    case sppoHard = "sppo_hard"
    case apoZero = "apo_zero"
    case apoDown = "apo_down"
    case bcoPair = "bco_pair"
    case orpo, simpo

    /// Whether it compares with a reference policy.
    package var needsReference: Bool { self != .orpo && self != .simpo }
}

/// Losses on answers that are good or bad, each by itself.
public enum KTOLossType: String, SettingChoice {
    case kto
    /// Does without the estimate of the divergence.
    case apoZeroUnpaired = "apo_zero_unpaired"
}

/// How the tokens of a group of answers are weighted and summed.
public enum PolicyLossType: String, SettingChoice {
    case grpo, bnpo, dapo, cispo
    case drGRPO = "dr_grpo"
}

/// What the ratio of new to old policy is taken of.
public enum ImportanceSamplingLevel: String, SettingChoice {
    case token, sequence
}

/// What the deviation that advantages are divided by is taken of.
public enum RewardScale: String, SettingChoice {
    case group, batch, none
}

/// How several rewards become one.
public enum RewardAggregation: String, SettingChoice {
    case sumThenNormalize = "sum_then_normalize"
    case normalizeThenSum = "normalize_then_sum"
}

/// How the divergence from the reference is estimated.
public enum DivergenceEstimator: String, SettingChoice {
    case k1, k3
}
