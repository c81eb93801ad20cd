import Foundation
import Models
import Testing
import Torch

@testable import Alignment
@testable import Generation

/// Temporary measurement.
struct MeasureTemporaryTests {
    @Test func measure() throws {
        let fixture = try MethodFixture()
        let model = try fixture.model("f32")
        let prompts = try fixture.prompts(of: model)
        let settings: [(String, SamplingSettings)] = [
            ("T0.7", SamplingSettings(temperature: 0.7, maximumTokens: 48)),
            ("T1.3", SamplingSettings(temperature: 1.3, maximumTokens: 48)),
            ("top_p0.9", SamplingSettings(topP: 0.9, maximumTokens: 48)),
            ("top_k50", SamplingSettings(topK: 50, maximumTokens: 48)),
            ("min_p0.1", SamplingSettings(minP: 0.1, maximumTokens: 48)),
            ("rep1.1", SamplingSettings(repetitionPenalty: 1.1, maximumTokens: 48)),
        ]
        for (name, sampling) in settings {
            let engine = try GenerationEngine(model, sampling, width: 16)
            let answers = try engine.generate(
                prompts.map { GenerationRequest(tokens: $0.tokens, samples: 4) })
            var (sum, signed, largest, count) = (0.0, [Double](), 0.0, 0)
            for (prompt, group) in zip(prompts, answers) {
                for answer in group {
                    let tokens = prompt.tokens + answer.tokenIDs.dropLast()
                    let hidden = withInference {
                        model.decoder.hidden(
                            TokenBatch(
                                tokens: tokens, positions: Array(tokens.indices),
                                lengths: [tokens.count]))
                    }
                    let rows = (prompt.tokens.count - 1)..<tokens.count
                    let logits = model.decoder.logits(hidden.slice(0, rows))
                    var total = 0.0
                    for (index, token) in answer.tokenIDs.enumerated() {
                        var values = logits.select(0, index).values(Float.self).map(Double.init)
                        let plain = logP(values, Int(token))
                        if sampling.repetitionPenalty != 1 {
                            for id in Set(tokens.prefix(prompt.tokens.count + index)) {
                                let v = values[Int(id)]
                                values[Int(id)] = v < 0 ? v * 1.1 : v / 1.1
                            }
                        }
                        values = values.map { $0 / sampling.temperature }
                        let actual = logP(values, Int(token)) - log(kept(values, sampling))
                        let d = plain - actual
                        sum += abs(d)
                        total += d
                        largest = max(largest, abs(d))
                        count += 1
                    }
                    signed.append(total)
                }
            }
            print("MEASURE \(name) tokens \(count) mean |d| \(sum / Double(count)) max \(largest) per answer \(signed.map(abs).reduce(0, +) / Double(signed.count))")
        }
    }

    private func logP(_ values: [Double], _ token: Int) -> Double {
        let top = values.max()!
        return values[token] - top - log(values.reduce(0) { $0 + exp($1 - top) })
    }

    private func kept(_ values: [Double], _ s: SamplingSettings) -> Double {
        let top = values.max()!
        let e = values.map { exp($0 - top) }
        let z = e.reduce(0, +)
        let p = e.map { $0 / z }.sorted(by: >)
        if s.topK > 0 { return p.prefix(s.topK).reduce(0, +) }
        if s.minP > 0 { return p.filter { $0 >= s.minP * p[0] }.reduce(0, +) }
        if s.topP < 1 {
            var sum = 0.0
            for x in p { if sum >= s.topP { break }; sum += x }
            return sum
        }
        return 1
    }
}
