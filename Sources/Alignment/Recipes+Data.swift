import Datasets
import Generation
import Images
import Recipes

// How a recipe's records are batched, changed and sampled.

extension TrainingRecipe where Method == SupervisedSettings {
    /// Records of a step, packed or grouped as the recipe says.
    ///
    /// - Parameter sampling: how often each is drawn; nil for once an epoch.
    func batches(drawing sampling: RecordSampling?) -> BatchConfiguration {
        settings.batches(
            method.packing
                ? .packed(maxTokens: settings.maxLength)
                : method.groupByLength ? .lengthGrouped : .fixed,
            drawing: sampling)
    }
}

extension SupervisedSettings {
    /// What is done to training images; nil for nothing.
    var augmentation: ImageAugmentation? {
        let changes = ImageAugmentation(flip: imageFlip, crop: imageCrop, light: imageLight)
        return changes.isIdentity ? nil : changes
    }
}

extension RolloutSettings {
    func sampling(seed: UInt64) -> SamplingSettings {
        SamplingSettings(
            temperature: temperature, maximumTokens: maxCompletionLength, seed: seed,
            scoredTemperature: temperature)
    }
}
