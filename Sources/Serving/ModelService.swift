import Foundation
import Generation
import Layers
import Records

/// One model that answers, scores and judges, with whichever adapter a request names.
public final class ModelService {
    let model: LanguageModel
    private var slots: AdapterSlots

    /// Whether images may stand in a request.
    var readsImages: Bool { model.vision != nil }

    public init(_ model: LanguageModel) {
        self.model = model
        slots = AdapterSlots()
    }

    /// Answers a request in replies, the last of which says how it ended.
    ///
    /// - Parameters:
    ///   - isCancelled: asked between tokens and items.
    ///   - reply: called with each reply, in order.
    package func answer(
        _ request: EngineRequest, isCancelled: () -> Bool, reply: (EngineReply) -> Void
    ) {
        do {
            if !isCancelled() {
                switch request.operation {
                case .sample(let sample):
                    try answer(sample, isCancelled: isCancelled, reply: reply)
                case .judge(let judge): reply(.judgement(try judgement(judge)))
                case .score(let score):
                    if let scores = try scores(score, isCancelled: isCancelled) {
                        reply(.scores(scores))
                    }
                case .explain(let explain): reply(.overlay(try overlay(explain)))
                case .cancel: break
                }
            }
            reply(isCancelled() ? .cancelled : .done)
        } catch {
            reply(.error(message: RequestFault.words(error)))
        }
    }

    /// The name under which a folder's adapter is on the model; nil for the base model.
    ///
    /// - Throws: ``FormatError`` or ``AdapterError``.
    func adapter(_ folder: String?, keeping kept: AdapterName? = nil) throws -> AdapterName? {
        guard let folder else { return nil }
        if let name = slots.name(of: folder) { return name }
        let name = slots.free(keeping: kept)
        slots.forget(name)
        try model.attachAdapter(URL(filePath: folder), name: name)
        slots.remember(name, folder)
        return name
    }
}

/// Which adapters are on the model: the few last used, so that many versions need no more memory.
struct AdapterSlots {
    private static let names = (0..<4).map { AdapterName(rawValue: "slot-\($0)") }
    /// The last used at the end.
    private var used: [(name: AdapterName, folder: String)] = []

    mutating func name(of folder: String) -> AdapterName? {
        guard let place = used.firstIndex(where: { $0.folder == folder }) else { return nil }
        let slot = used.remove(at: place)
        used.append(slot)
        return slot.name
    }

    /// A name not in use, else the one whose use is longest ago.
    func free(keeping kept: AdapterName?) -> AdapterName {
        Self.names.first { name in !used.contains { $0.name == name } }
            ?? used.first { $0.name != kept }?.name ?? Self.names[0]
    }

    mutating func forget(_ name: AdapterName) { used.removeAll { $0.name == name } }

    mutating func remember(_ name: AdapterName, _ folder: String) { used.append((name, folder)) }
}
