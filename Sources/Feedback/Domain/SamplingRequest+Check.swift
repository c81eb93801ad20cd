extension SamplingRequest {
    /// - Throws: `FeedbackError.invalid` for a number or text that cannot be sampled with.
    func check() throws(FeedbackError) {
        try SamplingPlan(wanted: wanted, verify: verify, schedule: schedule).validate()
        if prompt.isEmpty { throw .invalid(field: "prompt", reason: "is empty") }
        for message in prompt {
            _ = try FieldCheck.text(message.content, "prompt", limit: 131_072)
        }
    }
}

extension SamplingSchedule {
    /// - Throws: `FeedbackError.invalid` for a number that cannot be sampled with.
    func check() throws(FeedbackError) {
        try FieldCheck.number(attempts, "attempts", in: 1...1000)
        try FieldCheck.number(temperature, "temperature", in: 0...5)
        try FieldCheck.number(temperatureStep, "temperatureStep", in: 0...5)
        try FieldCheck.number(maxTemperature, "maxTemperature", in: temperature...5)
        try FieldCheck.number(topP, "topP", in: 0.01...1)
        try FieldCheck.number(topK, "topK", in: 0...1_000_000)
        try FieldCheck.number(repetitionPenalty, "repetitionPenalty", in: 0.1...10)
        try FieldCheck.number(maxTokens, "maxTokens", in: 1...4096)
        try FieldCheck.number(maxOverlap, "maxOverlap", in: 0...1)
        try FieldCheck.number(seed, "seed", in: 0...Int(Int32.max))
    }
}
