/// Answers a list of prompts, as many at once as there are places: the scheduler's client for
/// whoever has all questions before the first answer.
public final class GenerationEngine {
    private let model: LanguageModel
    /// Sequences decoded together.
    private let width: Int
    public private(set) var timings = GenerationTimings()

    /// - Parameter width: how many sequences are decoded together; more is faster and larger.
    public init(_ model: LanguageModel, width: Int = 16) {
        self.model = model
        self.width = max(1, width)
    }

    /// All answers, by prompt and sample.
    ///
    /// - Parameter onToken: called with every token; returning false ends all answers where they
    ///   stand.
    /// - Throws: ``GenerationError`` when a setting is out of range, a prompt is empty or leaves no
    ///   room for an answer, an image can no longer be read, or the model gives a number that is
    ///   not finite.
    public func generate(
        _ requests: [GenerationRequest], onToken: (DrawnToken) -> Bool = { _ in true }
    ) throws(GenerationError) -> [[Completion]] {
        let scheduler = Scheduler(model, slots: width)
        for (place, request) in requests.enumerated() {
            var request = request
            request.place = place
            try scheduler.submit(request)
        }
        var answers = requests.enumerated().map { place, request in
            (0..<request.samples).map { Completion(prompt: place, sample: $0) }
        }
        let start = ContinuousClock.now
        var firstTokenSeconds: Double?
        work: while !scheduler.isIdle {
            for event in scheduler.step() {
                switch event {
                case .failed(_, let error): throw error
                case .token(let token):
                    answers[token.prompt][token.sample].append(token)
                    if !onToken(token) { break work }
                }
            }
            firstTokenSeconds = firstTokenSeconds ?? ContinuousClock.now.seconds(since: start)
        }
        timings = scheduler.timings
        timings.firstTokenSeconds = firstTokenSeconds ?? 0
        // When all were ended, some had not begun.
        return answers.map { $0.filter { !$0.tokenIDs.isEmpty } }
    }
}

extension ContinuousClock.Instant {
    /// Seconds from an earlier instant to this one.
    package func seconds(since start: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (self - start).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
