import Datasets

extension SkipPolicy: SettingChoice {}
extension OverlongPolicy: SettingChoice {}

/// What the frozen weights are held and multiplied in.
public enum WeightType: String, SettingChoice {
    case f32, bf16
}

/// What the learning rate does after the warm-up.
public enum SchedulerType: String, SettingChoice {
    case constant, linear, cosine
}
