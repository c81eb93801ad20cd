import Records

extension TrainingSettings {
    public static let keys = dataKeys + stepKeys + optimizerKeys + adapterKeys + imageKeys + runKeys

    private typealias Key = SettingKey<TrainingSettings>

    private static let dataKeys: [SettingKey<TrainingSettings>] = [
        Key("model", \.model, "smollm2-135m, a GGUF file, or a Hugging Face folder"),
        Key("adapter", \.adapter, type: .path, "a PEFT adapter to go on from; empty for a new one"),
        Key("dtype", \.dtype, "what the frozen weights are held and multiplied in"),
        Key(
            "train_file", \.trainFile, type: .path,
            "JSON Lines or a JSON array; the method's page tells its formats"),
        Key(
            "train_files", \.trainFiles, .trainingFiles,
            "in place of train_file a list of {file, weight}: an epoch has as many records as all "
                + "of them, drawn by these weights"),
        Key(
            "validation_file", \.validationFile, type: .path,
            "held-out records; empty takes validation_split of what is trained on"),
        Key(
            "validation_split", \.validationSplit, .shareBelowOne,
            "share of the training records held out, chosen by a hash of the record; 0 for none"),
        Key(
            "validation_by", \.validationBy,
            "a column, such as patient, whose values the split does not part; empty for images, or "
                + "ids of records without any"),
        Key(
            "invalid_records", \.invalidRecords,
            "stop reports all bad records and ends; skip reports them and goes on"),
        Key(
            "overlong_records", \.overlongRecords,
            "what is done with records that are too long"),
        Key(
            "output_dir", \.outputDir, isFree: true,
            "the run's folder; counts from where the command runs"),
    ]

    private static let stepKeys: [SettingKey<TrainingSettings>] = [
        Key(
            "num_train_epochs", \.numTrainEpochs,
            Bounds(
                from: .excluding(0), to: .including(1e6), "must be above 0 and at most 1000000"),
            where: { $0.maxSteps <= 0 }, "passes over the training records"),
        Key(
            "max_steps", \.maxSteps, .countOrMinusOne,
            "ends after this many optimizer steps; -1 goes by num_train_epochs"),
        Key(
            "per_device_train_batch_size", \.perDeviceTrainBatchSize, .count,
            "records of a batch; where a method draws its own answers, answers"),
        Key(
            "gradient_accumulation_steps", \.gradientAccumulationSteps, .count,
            "batches of an optimizer step"),
        Key(
            "max_tokens_per_micro_batch", \.maxTokensPerMicroBatch, .countOrNone,
            "cuts a step by tokens, to bound memory; changes no result; 0 cuts by records alone"),
        Key("max_length", \.maxLength, .count, "most tokens of a record"),
    ]

    private static let optimizerKeys: [SettingKey<TrainingSettings>] = [
        Key("learning_rate", \.learningRate, .aboveZero, "the highest of the run"),
        Key(
            "lr_scheduler_type", \.lrSchedulerType,
            "what the learning rate does after the warm-up"),
        Key(
            "warmup_steps", \.warmupSteps, .countOrNone,
            "optimizer steps in which the learning rate rises from 0"),
        Key(
            "warmup_ratio", \.warmupRatio, .share,
            "the same as a share of all steps, used when warmup_steps is 0"),
        Key(
            "weight_decay", \.weightDecay, .zeroOrMore,
            "of AdamW; biases and norms do not decay"),
        Key(
            "adam_beta1", \.adamBeta1, .shareBelowOne,
            "how much of its mean of gradients AdamW keeps at each step"),
        Key(
            "adam_beta2", \.adamBeta2, .shareBelowOne,
            "how much of its mean of squared gradients AdamW keeps at each step"),
        Key("adam_epsilon", \.adamEpsilon, .aboveZero, "what AdamW adds to its divisor"),
        Key(
            "max_grad_norm", \.maxGradNorm, .zeroOrMore,
            "largest norm of all gradients together; 0 does not clip"),
        Key(
            "gradient_checkpointing", \.gradientCheckpointing,
            "computes activations again in the backward pass: less memory, more time"),
    ]

    private static let adapterKeys: [SettingKey<TrainingSettings>] = [
        Key("lora_r", \.loraR, .count, "rank of the adapter"),
        Key(
            "lora_alpha", \.loraAlpha, .aboveZero,
            "the adapter's product counts lora_alpha / lora_r"),
        Key(
            "lora_dropout", \.loraDropout, .shareBelowOne,
            "chance that an input of the adapter is left out"),
        Key(
            "use_rslora", \.useRslora,
            "divides lora_alpha by the root of lora_r in place of lora_r"),
        Key(
            "lora_target_modules", \.loraTargetModules, .texts,
            "names of linear layers, or all-linear; none where modules_to_save has some"),
        Key(
            "lora_target_pattern", \.loraTargetPattern,
            "a regular expression of whole paths in place of the names; empty goes by the names"),
        Key(
            "modules_to_save", \.modulesToSave, .texts,
            "layers that are trained whole, such as multi_modal_projector"),
    ]

    private static let imageKeys: [SettingKey<TrainingSettings>] = [
        Key(
            "image_root", \.imageRoot, type: .path,
            "where relative image paths count from; empty for the folder of the file"),
        Key(
            "image_key", \.imageKey,
            "the column that holds images, where it is not image, images or image_name"),
        Key(
            "max_pixels", \.maxPixels, .countOrNone,
            "most pixels of an image that is cut to no fixed size; 0 leaves it to the model"),
    ]

    private static let runKeys: [SettingKey<TrainingSettings>] = [
        Key(
            "logging_steps", \.loggingSteps, .count, isFree: true,
            "steps between rows of the curves"),
        Key(
            "eval_steps", \.evalSteps, .countOrNone, isFree: true,
            "steps between validations; 0 validates once an epoch"),
        Key(
            "early_stopping_patience", \.earlyStoppingPatience, .countOrNone,
            "ends after so many validations in a row that are no better than the best; 0 never"),
        Key(
            "load_best_model_at_end", \.loadBestModelAtEnd,
            "the result is the checkpoint that was best on held-out records, not the last"),
        Key(
            "save_steps", \.saveSteps, .countOrNone, isFree: true,
            "steps between checkpoints; 0 saves once an epoch"),
        Key(
            "save_total_limit", \.saveTotalLimit, .count, isFree: true,
            "checkpoints kept besides the best"),
        Key("seed", \.seed, "of order, split, adapter and dropout"),
    ]

    /// - Throws: the first value out of its range, or that does not fit another.
    package func check() throws(RecipeFault) {
        _ = try files()
        try checkBounds()
        try RecipeFault.require(
            validationSplit == 0 || validationFile.isEmpty, "validation_split",
            "cannot stand beside validation_file")
        try RecipeFault.require(
            validationBy.isEmpty || validationSplit > 0, "validation_by", "needs validation_split")
        let validates = !validationFile.isEmpty || validationSplit > 0
        try RecipeFault.require(
            earlyStoppingPatience == 0 || validates, "early_stopping_patience",
            "needs validation_file or validation_split")
        try RecipeFault.require(
            !loadBestModelAtEnd || validates, "load_best_model_at_end",
            "needs validation_file or validation_split")
        try RecipeFault.require(
            !loraTargetModules.isEmpty || !modulesToSave.isEmpty, "lora_target_modules", "is empty")
    }
}
