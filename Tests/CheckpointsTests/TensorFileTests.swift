import Checkpoints
import FileFormats
import Foundation
import TestSupport
import Testing
import Torch
import TorchTestSupport

struct TensorFileTests {
    private let url: URL

    init() throws {
        startEngine()
        url = try TestFiles.scratchFolder().appending(path: "state.safetensors")
    }

    @Test(arguments: DType.allCases) func everyDtypeComesBack(dtype: DType) throws {
        let tensor = Tensor([Float]([0, 1, 1, 0, 1, 1]), shape: [3, 2]).to(dtype)
        try TensorFile.write([("t", tensor)], to: url)
        let weights = try SafetensorsWeights(url: url)
        #expect(try weights.tensor("t").isIdentical(to: tensor))
        #expect(try weights.tensor("t", as: .float64).values(Double.self) == [0, 1, 1, 0, 1, 1])
    }

    @Test func oddShapes() throws {
        let x = Tensor(rows: [[1, 2, 3], [4, 5, 6]])
        x.requiresGrad = true
        let tensors = [
            (name: "turned", tensor: x.transpose(0, 1)),
            (name: "scalar", tensor: Tensor(scalar: Float(7))),
            (name: "empty", tensor: Tensor.zeros([0, 4])), (name: "graph", tensor: x * 2),
            (name: "row", tensor: x.select(0, 1)),
        ]
        try TensorFile.write(tensors, metadata: ["step": "3"], to: url)
        let weights = try SafetensorsWeights(url: url)
        #expect(weights.names == ["empty", "graph", "row", "scalar", "turned"])
        for (name, tensor) in tensors {
            let read = try weights.tensor(name)
            #expect(read.isIdentical(to: tensor))
            #expect(!read.requiresGrad)
        }
        #expect(try Safetensors(url: url).metadata == ["step": "3"])
    }

    @Test func missingTensor() throws {
        try TensorFile.write([("a", .ones([1]))], to: url)
        let error = #expect(throws: FormatError.self) {
            try SafetensorsWeights(url: url).tensor("b")
        }
        #expect(error?.item == "b")
    }

    @Test func noFolder() throws {
        try Data().write(to: url)
        let below = url.appending(path: "t.safetensors")
        #expect(throws: FormatError.self) { try TensorFile.write([("a", .ones([1]))], to: below) }
    }
}
