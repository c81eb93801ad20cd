import Checkpoints
import Layers
import Torch

extension Decoder {
    /// The tensors that are trained whole under a name, in the order of the forward pass, under
    /// their names in the model; as PEFT's `modules_to_save`.
    public func savedTensors(_ name: AdapterName = .default) -> [AdapterFiles.SavedTensor] {
        linears.flatMap { linear in
            linear.copy(name).map { copy in
                copy.tensors.map { kind, tensor in
                    let name = "\(linear.parts[0].path).\(kind)"
                    return AdapterFiles.SavedTensor(name: name, tensor: tensor)
                }
            } ?? []
        }
    }

    /// The layers that a configuration wants trained whole. Only layers that are a product of their
    /// own can be: a projector's.
    func wholePlaces(_ configuration: AdapterConfiguration) throws(AdapterError) -> [Place] {
        for module in configuration.savedModules
        where !linearParts.contains(where: {
            AdapterConfiguration.names(module, above: $0.part.path)
        }) { throw .unknownModule(module) }
        let places = linearParts.filter { configuration.saves($0.part.path) }
        if let place = places.first(where: { $0.linear.parts.count > 1 }) {
            throw .unknownModule(place.part.path)
        }
        return places
    }

    /// Layers with what a file holds for them.
    func copies(
        _ configuration: AdapterConfiguration, _ saved: [AdapterFiles.SavedTensor]
    ) throws(AdapterError) -> [(Linear, TrainedLayer)] {
        let tensors = Dictionary(saved.map { (earlierNames.current($0.name), $0.tensor) }) { $1 }
        var copies: [(Linear, TrainedLayer)] = []
        var used: Set<String> = []
        for place in try wholePlaces(configuration) {
            let (linear, path) = (place.linear, place.part.path)
            guard let weight = tensors["\(path).weight"] else { throw .missingModule(path) }
            let bias = tensors["\(path).bias"]
            guard weight.shape == linear.weight.shape, bias?.shape == linear.bias?.shape else {
                throw .shape(module: path, expected: linear.weight.shape, found: weight.shape)
            }
            copies.append(
                (linear, TrainedLayer(weight: weight.to(device), bias: bias?.to(device))))
            used.formUnion(["\(path).weight", "\(path).bias"])
        }
        if let stray = tensors.keys.filter({ !used.contains($0) }).min() {
            throw .unknownModule(stray)
        }
        return copies
    }
}
