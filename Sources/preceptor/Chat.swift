import Alignment
import ArgumentParser
import Generation
import Records

/// `preceptor chat`
struct Chat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk with a model in the terminal.",
        discussion: "/reset forgets the conversation, /quit or Ctrl-D ends; Ctrl-C ends an answer.")

    @OptionGroup var model: ModelOptions
    @OptionGroup var sampling: SamplingOptions

    @OptionGroup var images: ImageOptions

    @Option(help: "A system message.")
    var system: String?

    func run() throws {
        let settings = try sampling.settings()
        let model = try model.load()
        let references = try images.references(for: model)
        let beginning = system.map { [Message(role: "system", content: $0)] } ?? []
        var messages = beginning
        Output.note("\(model.origin.lastPathComponent): /reset forgets, /quit ends")
        while let line = prompt() {
            switch line {
            case "": continue
            case "/quit": return
            case "/reset": messages = beginning
            default:
                messages.append(Message(role: "user", content: line))
                let answer = try answer(messages, references, model, settings)
                messages.append(Message(role: "assistant", content: answer))
            }
        }
        Output.print("")
    }

    private func prompt() -> String? {
        Output.print("> ", terminator: "")
        return readLine()
    }

    private func answer(
        _ messages: [Message], _ images: [ImageReference], _ model: LanguageModel,
        _ settings: SamplingSettings
    ) throws -> String {
        let interruption = Interruption()
        interruption.watchSignals()
        let request = try model.request(.messages(messages), images: images, settings: settings)
        let completions = try GenerationEngine(model, width: 1).generate([request]) { token in
            Output.print(token.text, terminator: "")
            return !interruption.isRequested
        }
        Output.print("")
        return completions.first?.first?.text ?? ""
    }
}
