import Datasets
import Models
import Objectives
import Torch

extension LanguageModel {
    /// Scores of the labelled tokens of a micro-batch, in the order of its targets: the one
    /// forward pass that training, validation, `score` and evaluation share.
    ///
    /// - Parameter temperature: what the logits are divided by; 1 is the model's own distribution.
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func scores(
        of batch: PackedBatch, temperature: Double = 1
    ) throws(ImageFault) -> TokenScores {
        TokenScores(
            hidden: try predictingStates(of: batch),
            targets: Tensor(batch.targets.tokenIDs.map(Int64.init)).to(decoder.device),
            weight: decoder.outputWeight, temperature: temperature)
    }

    /// log p of each labelled token of each example, in f32 and without temperature.
    ///
    /// - Parameter budget: tokens that go through the model at once.
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func logProbabilities(
        of examples: [TokenizedExample], budget: Int = 4096
    ) throws(ImageFault) -> [[Float]] {
        try withInference { () throws(ImageFault) in
            var result: [[Float]] = []
            for chunk in examples.chunks(ofTokens: budget) {
                var values = try scores(of: PackedBatch(chunk)).logProbabilities
                    .values(Float.self)[...]
                for example in chunk {
                    result.append(Array(values.prefix(example.labelCount)))
                    values = values.dropFirst(example.labelCount)
                }
            }
            return result
        }
    }
}

extension LanguageModel {
    /// log p of each completion, summed over its tokens, [B]; a prompt is computed once for all
    /// of its completions.
    ///
    /// - Throws: ``ImageFault`` when an image can no longer be read.
    public func sums(of groups: [PromptGroup]) throws(ImageFault) -> Tensor {
        let batch = PackedBatch(groups: groups)
        let tokens = try scores(of: batch).logProbabilities
        return TokenSegments(lengths: batch.completionLengths, device: tokens.device).sums(tokens)
    }
}

extension [TokenizedExample] {
    /// Cuts in order into pieces of at most `limit` tokens, one record at least.
    public func chunks(ofTokens limit: Int) -> [[TokenizedExample]] {
        chunks(ofTokens: limit) { $0.tokenIDs.count }
    }
}

extension Array {
    /// Cuts in order into pieces of at most `limit` tokens, one element at least.
    public func chunks(ofTokens limit: Int, count: (Element) -> Int) -> [[Element]] {
        var result: [[Element]] = []
        var tokens = 0
        for element in self {
            if result.isEmpty || tokens + count(element) > limit {
                result.append([])
                tokens = 0
            }
            result[result.count - 1].append(element)
            tokens += count(element)
        }
        return result
    }
}
