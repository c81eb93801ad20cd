import Checkpoints
import FileFormats
import Layers
import Torch

/// Adapters that do not fit the model.
public enum AdapterError: Error, Sendable, Equatable, CustomStringConvertible {
    case unknownTarget(String, known: [String])
    case unknownModule(String)
    case shape(module: String, expected: [Int], found: [Int])

    public var description: String {
        switch self {
        case .unknownTarget(let name, let known):
            "no linear layer is called '\(name)'; there are \(known.joined(separator: ", ")), "
                + "or all-linear"
        case .unknownModule(let path): "the model has no module '\(path)' for the adapter"
        case .shape(let module, let expected, let found):
            "adapter of \(module): sizes \(found), but the model wants \(expected)"
        }
    }
}

extension Decoder {
    /// PEFT's word for every linear layer but the output layer.
    public static let allLinear = "all-linear"

    /// Puts new adapters, which change nothing yet, on the layers the configuration names.
    ///
    /// - Throws: ``AdapterError/unknownTarget(_:known:)``.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, seed: UInt64
    ) throws(AdapterError) {
        let all = configuration.targets == [Self.allLinear]
        let known = Set(linearParts.map { Self.lastName($0.part.path) }).sorted()
        for name in configuration.targets where !all {
            guard linearParts.contains(where: { AdapterConfiguration.names(name, $0.part.path) })
            else { throw .unknownTarget(name, known: known) }
        }
        let generator = Generator(seed: seed)
        for (linear, index, part) in linearParts
        where all
            || configuration.targets.contains(where: { AdapterConfiguration.names($0, part.path) })
        {
            linear.attach(
                LowRankAdapter(
                    inputs: linear.inputs, outputs: part.rows.count,
                    settings: configuration.settings(for: part.path), generator: generator,
                    device: device), to: index)
        }
    }

    /// Puts adapters with weights from a file on the model.
    ///
    /// - Throws: ``AdapterError`` when a module is unknown or has other sizes.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, _ modules: [AdapterFiles.Module]
    ) throws(AdapterError) {
        for module in modules {
            guard
                let (linear, index, part) = linearParts.first(where: { $0.part.path == module.path }
                )
            else { throw .unknownModule(module.path) }
            let expected = [linear.inputs, part.rows.count]
            let found = [module.a.size(1), module.b.size(0)]
            guard expected == found else {
                throw .shape(module: module.path, expected: expected, found: found)
            }
            linear.attach(
                LowRankAdapter(
                    a: module.a.to(device), b: module.b.to(device),
                    settings: configuration.settings(for: module.path)), to: index)
        }
    }

    /// Every adapter with the path of its module, in the order of the forward pass.
    public var adapterModules: [AdapterFiles.Module] {
        linearParts.compactMap { _, _, part in
            part.adapter.map { AdapterFiles.Module(path: part.path, a: $0.a, b: $0.b) }
        }
    }

    /// The last names of the layers that carry an adapter, as PEFT's `target_modules`.
    public var adaptedNames: [String] {
        Set(adapterModules.map { Self.lastName($0.path) }).sorted()
    }

    /// Adds the adapters into the weights: faster to generate with, no longer trainable.
    public func mergeAdapters() { for linear in linears { linear.merge() } }

    /// Takes them out again, restoring every bit.
    public func unmergeAdapters() { for linear in linears { linear.unmerge() } }

    private var linearParts: [(linear: Linear, index: Int, part: Linear.Part)] {
        linears.flatMap { linear in
            linear.parts.enumerated().map { (linear, $0.offset, $0.element) }
        }
    }

    private static func lastName(_ path: String) -> String {
        String(path.split(separator: ".").last ?? "")
    }
}

extension AdapterConfiguration {
    fileprivate func settings(for module: String) -> LowRankSettings {
        let size = size(of: module)
        return LowRankSettings(
            rank: size.rank, alpha: size.alpha, dropout: dropout, rankStabilised: rankStabilised)
    }
}
