import Checkpoints
import Layers
import Torch

extension Decoder {
    /// PEFT's word for every linear layer but the output layer.
    public static let allLinear = "all-linear"

    /// Puts new adapters, which change nothing yet, on the layers the configuration names; those
    /// that had the name before are gone.
    ///
    /// - Throws: ``AdapterError/unknownTarget(_:known:)``; nothing has been changed then.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, seed: UInt64, name: AdapterName = .default
    ) throws(AdapterError) {
        let generator = Generator(seed: seed)
        let places = try places(of: configuration.targets)
        detachAdapters(name)
        for (linear, index, part) in places {
            let adapter = LowRankAdapter(
                inputs: linear.inputs, outputs: part.rows.count,
                settings: configuration.settings(for: part.path), generator: generator,
                device: device)
            linear.attach(adapter, to: index, name: name)
        }
    }

    /// Puts adapters with copies of given weights on the model: a file's, or those of another
    /// name; those that had the name before are gone.
    ///
    /// - Throws: ``AdapterError`` when a module is unknown or has other sizes; nothing has been
    ///   changed then.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, _ modules: [AdapterFiles.Module],
        name: AdapterName = .default
    ) throws(AdapterError) {
        let all = Dictionary(linearParts.map { ($0.part.path, $0) }) { first, _ in first }
        var places: [Place] = []
        for module in modules { places.append(try Self.place(of: module, in: all)) }
        detachAdapters(name)
        for ((linear, index, _), module) in zip(places, modules) {
            let adapter = LowRankAdapter(
                a: module.a.to(device), b: module.b.to(device),
                settings: configuration.settings(for: module.path))
            linear.attach(adapter, to: index, name: name)
        }
    }

    /// Takes the adapters of that name off the model.
    private func detachAdapters(_ name: AdapterName) {
        for linear in linears { linear.detach(name) }
    }

    /// Every adapter of that name with the path of its module, in the order of the forward pass;
    /// none when there is none of that name.
    public func adapterModules(_ name: AdapterName = .default) -> [AdapterFiles.Module] {
        linearParts.compactMap { _, _, part in
            part.adapters[name].map { AdapterFiles.Module(path: part.path, a: $0.a, b: $0.b) }
        }
    }

    /// The last names of the layers that carry an adapter of that name, as PEFT's
    /// `target_modules`.
    public func adaptedNames(_ name: AdapterName = .default) -> [String] {
        Set(adapterModules(name).map { Self.lastName($0.path) }).sorted()
    }

    /// Adds the adapters of one name into the weights: while it is active the model is faster to
    /// generate with, and the adapter no longer trainable. Others go on beside the weights of
    /// before; one that was merged is taken out.
    public func mergeAdapters(_ name: AdapterName = .default) {
        for linear in linears { linear.merge(name) }
    }

    /// Takes them out again, restoring every bit.
    public func unmergeAdapters() { for linear in linears { linear.unmerge() } }

    // MARK: Places

    private typealias Place = (linear: Linear, index: Int, part: Linear.Part)

    private var linearParts: [Place] {
        linears.flatMap { linear in
            linear.parts.enumerated().map { (linear, $0.offset, $0.element) }
        }
    }

    private func places(of targets: [String]) throws(AdapterError) -> [Place] {
        let all = linearParts
        if targets == [Self.allLinear] { return all }
        for name in targets
        where !all.contains(where: { AdapterConfiguration.names(name, $0.part.path) }) {
            let known = Set(all.map { Self.lastName($0.part.path) }).sorted()
            throw .unknownTarget(name, known: known)
        }
        return all.filter { place in
            targets.contains { AdapterConfiguration.names($0, place.part.path) }
        }
    }

    private static func place(
        of module: AdapterFiles.Module, in all: [String: Place]
    ) throws(AdapterError) -> Place {
        guard let place = all[module.path] else { throw .unknownModule(module.path) }
        let expected = [place.linear.inputs, place.part.rows.count]
        let found = [module.a.size(1), module.b.size(0)]
        guard expected == found else {
            throw .shape(module: module.path, expected: expected, found: found)
        }
        return place
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
