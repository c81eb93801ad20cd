import Feedback

/// What is asked for when a case is sampled: as JSON one flat object, of which everything may be
/// left out.
package struct SamplingSettings: Decodable, Sendable, Hashable {
    /// Nil for the current version.
    package var versionID: Int64?
    package var plan = SamplingPlan()

    package init(versionID: Int64? = nil, plan: SamplingPlan = SamplingPlan()) {
        self.versionID = versionID
        self.plan = plan
    }

    private enum Key: String, CodingKey {
        case versionID
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        versionID = try values.decodeIfPresent(Int64.self, forKey: .versionID)
        plan = try SamplingPlan(from: decoder)
    }

    /// One answer as it comes, not verified.
    static func single(_ versionID: Int64?) -> SamplingSettings {
        var settings = SamplingSettings(versionID: versionID)
        (settings.plan.wanted, settings.plan.verify) = (1, false)
        settings.plan.schedule.attempts = 1
        return settings
    }
}
