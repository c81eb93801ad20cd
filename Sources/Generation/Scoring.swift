import Datasets
import Models
import Objectives
import Torch

extension LanguageModel {
    /// Scores of the labelled tokens of a micro-batch, in the order of its targets: the one
    /// forward pass that training, validation, `score` and evaluation share.
    public func scores(of batch: PackedBatch) -> TokenScores {
        TokenScores(
            hidden: predictingStates(of: batch),
            targets: Tensor(batch.targets.tokenIDs.map(Int64.init)).to(decoder.device),
            weight: decoder.outputWeight)
    }

    /// log p of each labelled token of each example, in f32 and without temperature.
    ///
    /// - Parameter budget: tokens that go through the model at once.
    public func logProbabilities(
        of examples: [TokenizedExample], budget: Int = 4096
    ) -> [[Float]] {
        withInference {
            examples.chunks(ofTokens: budget).flatMap { chunk in
                let values = scores(of: PackedBatch(chunk)).logProbabilities.values(Float.self)
                var place = 0
                return chunk.map { example in
                    defer { place += example.labelCount }
                    return Array(values[place..<(place + example.labelCount)])
                }
            }
        }
    }
}

extension LanguageModel {
    /// log p of each completion, summed over its tokens, [B]; a prompt is computed once for all
    /// of its completions.
    public func sums(of groups: [PromptGroup]) -> Tensor {
        let batch = PackedBatch(groups: groups)
        let tokens = scores(of: batch).logProbabilities
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
