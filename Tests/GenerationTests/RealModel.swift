import Generation
import Records
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// The default model, in f32 unless told otherwise, and prompts of unequal lengths for it.
struct RealModel {
    static let isPresent = TestFiles.defaultModel != nil
    static let reason: Comment = "needs .models, see Scripts/bootstrap"

    let model: LanguageModel

    init(dtype: DType = .float32) throws {
        startEngine()
        model = try LanguageModel.load(
            try #require(TestFiles.defaultModel),
            dtype: dtype,
            device: .cpu
        )
    }

    func prompt(_ text: String) throws -> [Int32] {
        try model.encoding.renderPrompt([Message(role: "user", content: text)])
    }

    func prompts() throws -> [[Int32]] {
        try [
            "Name a sign of dehydration.", "Hi",
            "A patient with asthma asks how a spacer helps and how often it should be washed.",
        ].map(prompt)
    }

    func generate(
        _ requests: [GenerationRequest],
        _ settings: SamplingSettings,
        width: Int = 16,
        onToken: (DrawnToken) -> Bool = { _ in true }
    ) throws -> [[Completion]] {
        let requests = requests.map { request in
            var request = request
            request.settings = settings
            return request
        }
        return try GenerationEngine(model, width: width).generate(requests, onToken: onToken)
    }

    /// The greedy answer to one prompt.
    func greedy(_ prompt: [Int32], _ count: Int) throws -> Completion {
        let answers = try generate(
            [GenerationRequest(tokens: prompt)],
            .greedy(maximumTokens: count)
        )
        return try #require(answers.first?.first)
    }
}

/// What was streamed, by prompt and sample.
struct Stream {
    private(set) var pieces: [[Int]: [String]] = [:]

    mutating func add(_ token: DrawnToken) {
        pieces[[token.prompt, token.sample], default: []].append(token.text)
    }

    func text(of completion: Completion) -> String {
        pieces[[completion.prompt, completion.sample], default: []].joined()
    }
}
