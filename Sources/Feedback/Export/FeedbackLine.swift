/// A record of the accept-or-edit format, under the names it has in files.
struct FeedbackLine: Encodable {
    let timestamp: String
    let iteration: Int
    let prompt: String
    let generatedResponse: String
    let preferredResponse: String
    let feedbackType: String

    enum CodingKeys: String, CodingKey, CaseIterable {
        case timestamp, iteration, prompt
        case generatedResponse = "generated_response"
        case preferredResponse = "preferred_response"
        case feedbackType = "feedback_type"
    }

    init(_ record: FeedbackRecord) {
        timestamp = record.timestamp.text
        iteration = record.iteration
        prompt = record.prompt
        generatedResponse = record.generatedResponse
        preferredResponse = record.preferredResponse
        feedbackType = record.feedbackType.rawValue
    }

    static let names = CodingKeys.allCases.map(\.rawValue)

    /// In the order of `names`.
    var cells: [String] {
        [
            timestamp, String(iteration), prompt, generatedResponse, preferredResponse,
            feedbackType,
        ]
    }
}
