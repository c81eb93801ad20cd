import Foundation
import Optimizers
import TestSupport
import Testing
import Torch
import TorchTestSupport

/// PyTorch's AdamW under transformers' rule of what decays (`Scripts/reference/optimizer.py`): six
/// steps in which a matrix always has a gradient, a layer with its bias and a norm now and then, and
/// one matrix never.
struct PartialGradientTests {
    private struct File: Decodable {
        let settings: [String: Double]
        let rates: [Double]
        let parameters: [Parameter]
    }

    private struct Parameter: Decodable {
        let name: String
        let shape: [Int]
        let initial: [Float]
        let decays: Bool
        let gradients: [[Float]?]
        let values: [[Float]]
        let steps: Int
    }

    private let file: File

    init() throws {
        startEngine()
        let url = TestFiles.fixtures.appending(path: "optimizers/adamw.json")
        file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
    }

    private func optimizer(_ tensors: [Tensor]) -> AdamW {
        AdamW(
            zip(file.parameters, tensors).map { ($0.name, $1) },
            settings: .init(
                beta1: file.settings["beta1"] ?? 0, beta2: file.settings["beta2"] ?? 0,
                epsilon: file.settings["epsilon"] ?? 0,
                weightDecay: file.settings["weightDecay"] ?? 0))
    }

    @Test func agreesWithPyTorch() {
        let tensors = file.parameters.map { Tensor($0.initial).reshape($0.shape) }
        let optimizer = optimizer(tensors)
        for (step, rate) in file.rates.enumerated() {
            for (parameter, tensor) in zip(file.parameters, tensors) {
                tensor.grad = parameter.gradients[step].map { Tensor($0).reshape(tensor.shape) }
            }
            optimizer.update(learningRate: rate)
            for (parameter, tensor) in zip(file.parameters, tensors) {
                let found = tensor.values(Float.self)
                let largest = zip(found, parameter.values[step]).map { abs($0 - $1) }.max() ?? 1
                #expect(largest < 1e-6, "\(parameter.name) after step \(step): \(largest)")
            }
        }
        for parameter in file.parameters {
            #expect(optimizer.steps[parameter.name] == parameter.steps)
        }
    }

    /// One step's decay is 1e-3 of a weight, far more than the tolerance.
    @Test func whatDecaysIsWhatTheTrainerSays() {
        #expect(file.parameters.map(\.decays) == [true, true, false, false, true])
        let tensors = file.parameters.map { Tensor.ones($0.shape) }
        let optimizer = optimizer(tensors)
        for tensor in tensors { tensor.grad = .zeros(tensor.shape) }
        optimizer.update(learningRate: 0.1)
        for (parameter, tensor) in zip(file.parameters, tensors) {
            let wanted: Float = parameter.decays ? 0.99 : 1
            #expect(tensor.values(Float.self).allSatisfy { abs($0 - wanted) < 1e-6 })
        }
    }
}
