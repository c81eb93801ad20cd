/// A record of the accept-or-edit format, under the names it has in files.
struct FeedbackLine: Encodable {
    let timestamp: String
    let iteration: Int
    let prompt: String
    let generatedResponse: String
    let preferredResponse: String
    let feedbackType: String
    let images: [String]?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case timestamp, iteration, prompt, images
        case generatedResponse = "generated_response"
        case preferredResponse = "preferred_response"
        case feedbackType = "feedback_type"
    }

    init(_ answer: PreferredAnswer) {
        let record = answer.record
        timestamp = record.timestamp.text
        iteration = record.iteration
        prompt = record.prompt
        generatedResponse = record.generatedResponse
        preferredResponse = record.preferredResponse
        feedbackType = record.feedbackType.rawValue
        images = answer.images.paths
    }

    /// A table's rows, the first with the names; images, in a cell as imports read them, have a
    /// column where any line has some.
    static func table(_ lines: [FeedbackLine]) -> [[String]] {
        let hasImages = lines.contains { $0.images != nil }
        let names = CodingKeys.allCases.filter { $0 != .images } + (hasImages ? [.images] : [])
        return [names.map(\.rawValue)] + lines.map { line in names.map(line.cell) }
    }

    private func cell(_ key: CodingKeys) -> String {
        switch key {
        case .timestamp: timestamp
        case .iteration: String(iteration)
        case .prompt: prompt
        case .generatedResponse: generatedResponse
        case .preferredResponse: preferredResponse
        case .feedbackType: feedbackType
        case .images: (images ?? []).joined(separator: ";")
        }
    }
}
