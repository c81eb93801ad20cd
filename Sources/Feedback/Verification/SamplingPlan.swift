/// How many traces of a case are wanted, how they are sampled, and whether they are verified.
///
/// As JSON one flat object with `wanted`, `verify` and the fields of the schedule; what is left out
/// has its default.
package struct SamplingPlan: Sendable, Hashable {
    /// How many traces are to be kept.
    package var wanted = 3
    /// Whether only traces with the case's answer are kept.
    package var verify = true
    package var schedule = SamplingSchedule()

    package init() {}

    package init(wanted: Int, verify: Bool, schedule: SamplingSchedule) {
        (self.wanted, self.verify, self.schedule) = (wanted, verify, schedule)
    }

    /// The temperature of attempt `number`, counted from 1.
    package func temperature(ofAttempt number: Int) -> Double {
        schedule.temperature(attempt: number)
    }

    /// - Throws: `FeedbackError.invalid` with the first field that is out of range.
    package func validate() throws(FeedbackError) {
        try FieldCheck.number(wanted, "wanted", in: 1...64)
        try schedule.check()
        guard wanted <= schedule.attempts else {
            throw .invalid(field: "attempts", reason: "are fewer than the traces wanted")
        }
    }
}

extension SamplingPlan: Codable {
    private enum Key: String, CodingKey {
        case wanted, verify, attempts, temperature, temperatureStep, maxTemperature, topP, topK
        case repetitionPenalty, maxTokens, maxOverlap, seed
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.wanted, into: &wanted)
        try read(.verify, into: &verify)
        try read(.attempts, into: &schedule.attempts)
        try read(.temperature, into: &schedule.temperature)
        try read(.temperatureStep, into: &schedule.temperatureStep)
        try read(.maxTemperature, into: &schedule.maxTemperature)
        try read(.topP, into: &schedule.topP)
        try read(.topK, into: &schedule.topK)
        try read(.repetitionPenalty, into: &schedule.repetitionPenalty)
        try read(.maxTokens, into: &schedule.maxTokens)
        try read(.maxOverlap, into: &schedule.maxOverlap)
        try read(.seed, into: &schedule.seed)
    }

    package func encode(to encoder: any Encoder) throws {
        try schedule.encode(to: encoder)
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(wanted, forKey: .wanted)
        try values.encode(verify, forKey: .verify)
    }
}
