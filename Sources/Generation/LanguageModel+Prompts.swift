import Datasets
import Records

extension LanguageModel {
    /// A prompt with its images as the scheduler takes it.
    ///
    /// - Throws: ``RecordFault`` when an image cannot be read, the model reads none, or the
    ///   template refuses the prompt.
    public func request(
        _ prompt: Turns, images: [ImageReference] = [], samples: Int = 1,
        settings: SamplingSettings = SamplingSettings(), adapter: RequestedAdapter = .active
    ) throws(RecordFault) -> GenerationRequest {
        let record = PromptRecord(
            id: nil, line: 1, prompt: try prompt.placing(images: images.count), columns: [:],
            images: images)
        let tokenizer = PromptTokenizer(
            encoding: encoding, maxLength: decoder.configuration.maximumPositions)
        let tokenized = try tokenizer.prompt(record)
        return GenerationRequest(
            tokens: tokenized.tokens, images: tokenized.images, samples: samples,
            settings: settings, adapter: adapter)
    }
}
