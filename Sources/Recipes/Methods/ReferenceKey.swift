/// The key `reference` of the methods that compare with a frozen policy.
enum ReferenceKey {
    static let meaning =
        "start for the policy before training, base for the model without adapters, or an "
        + "adapter's folder"

    /// The folder that it names, where it is one of its own: the base model and the start adapter
    /// are sources already.
    static func source(_ reference: String) -> RunSource {
        .adapter("reference", folder: ["start", "base"].contains(reference) ? "" : reference)
    }

    /// What comparing needs of the shared settings.
    static func check(_ settings: TrainingSettings) throws(RecipeFault) {
        try RecipeFault.require(
            settings.loraDropout == 0, "lora_dropout",
            "must be 0: the reference is compared without dropout")
    }
}
