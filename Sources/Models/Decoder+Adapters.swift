import Checkpoints
import Layers
import Torch

extension Decoder {
    /// PEFT's word for every linear layer but the output layer.
    public static let allLinear = "all-linear"

    /// Puts new adapters, which change nothing yet, on the layers the configuration names, and
    /// copies in the place of those that are trained whole; what had the name before is gone.
    ///
    /// - Throws: ``AdapterError/unknownTarget(_:known:)`` or ``AdapterError/badPattern(_:)``;
    ///   nothing has been changed then.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, seed: UInt64, name: AdapterName = .default
    ) throws(AdapterError) {
        let generator = Generator(seed: seed)
        let places = try places(of: configuration)
        let whole = try wholePlaces(configuration)
        detachAdapters(name)
        for (linear, index, part) in places {
            let adapter = LowRankAdapter(
                inputs: linear.inputs, outputs: part.rows.count,
                settings: configuration.settings(for: part.path), generator: generator,
                device: device)
            linear.attach(adapter, to: index, name: name)
        }
        for place in whole { place.linear.trainCopy(name) }
    }

    /// Puts adapters with copies of given weights on the model: a file's, or those of another
    /// name; those that had the name before are gone. Modules may go by names of earlier
    /// checkpoints, and a decoder's adapter fits the same decoder in a model that sees.
    ///
    /// - Parameter saved: what was trained whole, all that the configuration names.
    /// - Throws: ``AdapterError`` when a module is unknown or has other sizes; nothing has been
    ///   changed then.
    public func attachAdapters(
        _ configuration: AdapterConfiguration, _ modules: [AdapterFiles.Module],
        saved: [AdapterFiles.SavedTensor] = [], name: AdapterName = .default
    ) throws(AdapterError) {
        let all = Dictionary(linearParts.map { ($0.part.path, $0) }) { first, _ in first }
        var places: [Place] = []
        for module in modules { places.append(try place(of: module, in: all)) }
        let copies = try copies(configuration, saved)
        detachAdapters(name)
        for ((linear, index, _), module) in zip(places, modules) {
            let adapter = LowRankAdapter(
                a: module.a.to(device), b: module.b.to(device),
                settings: configuration.settings(for: module.path))
            linear.attach(adapter, to: index, name: name)
        }
        for (linear, copy) in copies { linear.attach(copy, name: name) }
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

    typealias Place = (linear: Linear, index: Int, part: Linear.Part)

    /// Every linear layer by its own, also where several are one product.
    var linearParts: [Place] {
        linears.flatMap { linear in
            linear.parts.enumerated().map { (linear, $0.offset, $0.element) }
        }
    }

    /// Where low-rank adapters go: not where a module is trained whole.
    private func places(of configuration: AdapterConfiguration) throws(AdapterError) -> [Place] {
        let all = linearParts.filter { !configuration.saves($0.part.path) }
        if let pattern = configuration.targetPattern { return try matching(pattern, all) }
        let targets = configuration.targets
        if targets == [Self.allLinear] { return all }
        for name in targets
        where !all.contains(where: { AdapterConfiguration.names(name, $0.part.path) }) {
            throw .unknownTarget(name, known: Self.lastNames(all))
        }
        return all.filter { place in
            targets.contains { AdapterConfiguration.names($0, place.part.path) }
        }
    }

    /// The layers whose whole path a regular expression matches, as PEFT's `re.fullmatch`.
    private func matching(_ pattern: String, _ all: [Place]) throws(AdapterError) -> [Place] {
        guard let expression = try? Regex(pattern) else { throw .badPattern(pattern) }
        let found = all.filter { (try? expression.wholeMatch(in: $0.part.path)) != nil }
        guard !found.isEmpty else {
            throw .unknownTarget(pattern, known: Self.lastNames(all))
        }
        return found
    }

    private func place(
        of module: AdapterFiles.Module, in all: [String: Place]
    ) throws(AdapterError) -> Place {
        guard let place = all[module.path] ?? all[earlierNames.current(module.path)] else {
            throw .unknownModule(module.path)
        }
        let expected = [place.linear.inputs, place.part.rows.count]
        let found = [module.a.size(1), module.b.size(0)]
        guard expected == found else {
            throw .shape(module: module.path, expected: expected, found: found)
        }
        return place
    }

    private static func lastNames(_ places: [Place]) -> [String] {
        Set(places.map { lastName($0.part.path) }).sorted()
    }

    /// The end of a path that tells a linear layer from other modules: as a rule its last name; a
    /// number and `proj`, which a convolution is called too, need the name before.
    private static func lastName(_ path: String) -> String {
        let parts = path.split(separator: ".")
        guard let last = parts.last else { return "" }
        let isPlain = last != "proj" && !last.allSatisfy(\.isNumber)
        return parts.suffix(isPlain ? 1 : 2).joined(separator: ".")
    }
}

extension AdapterConfiguration {
    func settings(for module: String) -> LowRankSettings {
        let size = size(of: module)
        return LowRankSettings(
            rank: size.rank, alpha: size.alpha, dropout: dropout, rankStabilised: rankStabilised)
    }
}
